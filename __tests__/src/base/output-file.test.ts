import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toDot } from "../../../src/asl/diagram/dot";
import { toMermaid } from "../../../src/asl/diagram/mermaid";
import { toSvg } from "../../../src/asl/diagram/svg";
import { FileError, UsageError } from "../../../src/base/errors";
import { type Output, outputFile, outputFolder, refuseOutputs, writeOutput } from "../../../src/base/output-file";
import { collectReport, toCsv, toHtml, toJson } from "../../../src/execution/report/formats";
import { writeComment } from "../../../src/review/comment";
import { DOCUMENT, oneJob } from "../cli/scene";

jest.mock("node:fs", () => ({ ...jest.requireActual("node:fs") }));

const mocked = jest.requireMock<typeof fs>("node:fs");

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "output-file-test-"));
});
afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(folder, { recursive: true });
});

const at = (name: string) => join(folder, name);
const write = (name: string, content = "foreign") => {
  fs.writeFileSync(at(name), content);
  return at(name);
};
const read = (name: string) => fs.readFileSync(at(name), "utf8");
const output = (path: string, option = "--report", force = false): Output => ({ option, path, force });
const fault = (code: string) => Object.assign(new Error(code), { code, syscall: "write" });

function report() {
  const { sink, report } = collectReport(DOCUMENT, { place: "this machine" });
  for (const event of oneJob("SUCCEEDED")) sink(event);
  return report();
}

describe("a file that exists", () => {
  test.each<[string, () => string | Promise<string>]>([
    ["an HTML report", () => toHtml(report())],
    ["a JSON report", () => toJson(report())],
    ["a trace", () => toCsv(report())],
    ["an SVG", () => toSvg(DOCUMENT)],
    ["a Mermaid diagram", () => toMermaid(DOCUMENT)],
    ["a DOT diagram", () => toDot(DOCUMENT)],
    [
      "a review",
      () =>
        writeComment({
          ...{ name: "echo", environment: "dev", region: "eu-west-1", architecture: "X86_64" },
          ...{ stacks: [], running: [], image: null, problems: [] },
        } as Parameters<typeof writeComment>[0]),
    ],
    ...["data", "image", "workflow"].map((stack): [string, () => string] => [
      `the outputs of a deployment that begins with the stack ${stack}`,
      () => `${JSON.stringify({ [stack]: { output: 1 } }, null, 2)}\n`,
    ]),
    ["an empty file", () => ""],
  ])("%s is written again", async (_, make) => {
    const path = write("own", await make());
    refuseOutputs([output(path)], []);
    await writeOutput(output(path), "new");
    expect(read("own")).toBe("new");
  });

  test.each([
    ["package.json", '{\n  "name": "x",\n  "version": "1.0.0"\n}\n'],
    ["a page", '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>x</title>'],
    ["a table", "state,county\nOhio,Adams\n"],
    ["a drawing", '<svg xmlns="http://www.w3.org/2000/svg"></svg>'],
    ["a graph", "digraph workflow {\n  a -> b\n}\n"],
    ["a flowchart", "flowchart TD\n  a --> b\n"],
    ["a note", "# Review\n\n<!-- workflow-review echo dev -->\nmore\n"],
  ])("%s of another program is refused before anything starts, and overwritten with --force", async (_, content) => {
    const path = write("foreign", content);
    const refusal = `\`--report\` would overwrite ${path}, which no \`workflow\` command created; choose another file, or add \`--force\``;
    expect(() => refuseOutputs([output(path)], [])).toThrow(new UsageError(refusal));
    await expect(writeOutput(output(path), "new")).rejects.toEqual(new FileError(refusal));
    expect(read("foreign")).toBe(content);
    refuseOutputs([output(path, "--report", true)], []);
    await writeOutput(output(path, "--report", true), "new");
    expect(read("foreign")).toBe("new");
  });

  test("keeps its permissions, and its name if it is behind a link", async () => {
    const path = write("file", "");
    fs.chmodSync(path, 0o640);
    fs.symlinkSync("file", at("link"));
    await writeOutput(output(at("link")), "new");
    expect(fs.lstatSync(at("link")).isSymbolicLink()).toBe(true);
    expect(read("file")).toBe("new");
    expect(fs.statSync(path).mode & 0o777).toBe(0o640);
  });
});

test("a link to a missing file stays: its target is created", async () => {
  fs.symlinkSync("target", at("link"));
  await writeOutput(output(at("link")), "new");
  expect(fs.readdirSync(folder).sort()).toEqual(["link", "target"]);
  expect(read("target")).toBe("new");
});

test("a device is written to, not replaced", async () => {
  fs.symlinkSync("/dev/null", at("link"));
  refuseOutputs([output(at("link"))], []);
  await writeOutput(output(at("link")), "new");
  expect(fs.readlinkSync(at("link"))).toBe("/dev/null");
  expect(fs.statSync("/dev/null").isCharacterDevice()).toBe(true);
});

test.each(["writeFileSync", "fsyncSync", "renameSync"] as const)(
  "a full disk at %s leaves the earlier file as it was, and nothing beside it",
  async (step) => {
    const path = write("report.json", '{\n  "name": "x",\n  "status": "FAILED",\n  "input": 1\n}\n');
    jest.spyOn(mocked, step).mockImplementation(() => {
      throw fault("ENOSPC");
    });
    await expect(writeOutput(output(path), "new")).rejects.toEqual(
      new FileError(`\`--report\` cannot be written to ${path}: no space is left on the disk (ENOSPC)`),
    );
    jest.restoreAllMocks();
    expect(fs.readdirSync(folder)).toEqual(["report.json"]);
    expect(read("report.json")).toContain('"FAILED"');
  },
);

describe("files of one command", () => {
  const SAME: readonly [string, (path: string) => string][] = [
    ["the same name", (path) => path],
    ["another way to write it", (path) => join(path, "../../", folder.split("/").at(-1)!, "file")],
    [
      "a symbolic link",
      (path) => {
        fs.symlinkSync(path, at("other"));
        return at("other");
      },
    ],
    [
      "a hard link",
      (path) => {
        fs.linkSync(path, at("other"));
        return at("other");
      },
    ],
  ];

  test.each(SAME)("an output is never one of the inputs, not even with --force: %s", (_, same) => {
    const document = write("file");
    const path = same(document);
    expect(() => refuseOutputs([output(path, "--output", true)], [{ name: "the document", path: document }])).toThrow(
      new UsageError(`\`--output\` must not be the document, which the command reads, got: ${path}`),
    );
  });

  test.each(SAME)("two outputs are two files: %s", (_, same) => {
    const first = write("file", "");
    const second = same(first);
    expect(() => refuseOutputs([output(first), output(second, "--trace")], [])).toThrow(
      new UsageError(`\`--report\` and \`--trace\` must be two files, got: ${first} and ${second}`),
    );
  });

  test("two outputs are two files, also where there is none yet", () => {
    fs.symlinkSync("report.json", at("trace.csv"));
    const paths = [at("report.json"), at("trace.csv")] as const;
    expect(() => refuseOutputs([output(paths[0]), output(paths[1], "--trace")], [])).toThrow("must be two files");
  });
});

describe("a file that cannot be written is refused when it is named", () => {
  test("a loop of links", () => {
    fs.symlinkSync("loop", at("loop"));
    expect(() => outputFile("--output")(at("loop"))).toThrow(
      new UsageError(
        `\`--output\` must be a file that can be written (its symbolic links form a loop (ELOOP)), got: ${at("loop")}`,
      ),
    );
  });

  test.each(["file", "folder"])("a read-only %s", (what) => {
    const path = write("file");
    const readOnly = what === "file" ? path : folder;
    const access = mocked.accessSync;
    jest.spyOn(mocked, "accessSync").mockImplementation((name, mode) => {
      if (name === readOnly) throw fault("EROFS");
      access(name, mode);
    });
    expect(() => outputFile("--output")(path)).toThrow(
      new UsageError(
        `\`--output\` must be a file that can be written (the file system is read-only (EROFS)), got: ${path}`,
      ),
    );
  });

  test("a folder that is a file, or lies below one", () => {
    const path = write("file");
    expect(() => outputFolder("--logs")(path)).toThrow(
      new UsageError(`\`--logs\` must be a folder, not a file, got: ${path}`),
    );
    expect(() => outputFolder("--logs")(join(path, "logs"))).toThrow(
      `\`--logs\` must be a folder that can be created (part of its path is not a folder), got: ${path}/logs`,
    );
  });
});
