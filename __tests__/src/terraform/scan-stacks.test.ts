import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { UsageError } from "../../../src/base/errors";
import { findCheckov, scan } from "../../../src/terraform/scan-stacks";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scan-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, mode: number, content = ""): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
}

describe("where checkov is", () => {
  test("the project's own .venv comes before the PATH", () => {
    write("bin/checkov", 0o755);
    const own = write(".venv/bin/checkov", 0o755);
    expect(findCheckov(join(folder, "bin"), folder)).toBe(own);
  });

  test("on the PATH, the first that can be run is taken", () => {
    write("first/checkov", 0o644);
    const second = write("second/checkov", 0o755);
    const searchPath = [join(folder, "first"), join(folder, "second")].join(delimiter);
    expect(findCheckov(searchPath, folder)).toBe(second);
  });

  test.each([undefined, "", "/nowhere"])(
    "a checkov that is missing is refused with what installs it (PATH %j)",
    (PATH) => {
      expect(() => findCheckov(PATH, folder)).toThrow(
        new UsageError(
          "`checkov` is neither in .venv nor on the PATH; " +
            "install it: python3 -m venv .venv && .venv/bin/pip install -r .config/scan-requirements.txt",
        ),
      );
    },
  );
});

describe("a scan", () => {
  /** A checkov that prints and exits as told. */
  function checkov(output: string, code: number, more = ""): string {
    const said = write("checkov.out", 0o644, output);
    return write("checkov", 0o755, `#!/bin/sh\ncat ${said}\n${more}\nexit ${code}\n`);
  }

  const quiet = JSON.stringify({ summary: { passed: 7, parsing_errors: 0 }, results: { failed_checks: [] } });

  function scanWith(path: string) {
    write("synthesized/stacks/workflow/cdk.tf.json", 0o644, '{"moved":[{"from":"a.b","to":"a.c"}],"resource":{}}');
    return scan(join(folder, "synthesized"), path);
  }

  test("counts the checks that passed", async () => {
    expect(await scanWith(checkov(quiet, 0))).toEqual({ findings: [], passed: 7 });
  });

  test("does not show checkov the moves of a stack, which it cannot read", async () => {
    const file = join(folder, "synthesized/stacks/workflow/cdk.tf.json");
    expect((await scanWith(checkov(quiet, 0, `[ "$(cat ${file})" = '{"resource":{}}' ] || exit 9`))).passed).toBe(7);
  });

  test("tells each check that failed, with its stack and resource", async () => {
    const failed_checks = [
      {
        check_id: "CKV_AWS_163",
        check_name: "Ensure",
        file_path: "/stacks/image/cdk.tf.json",
        resource: "resource.echo-repository",
      },
    ];
    const output = JSON.stringify({ summary: { passed: 7, parsing_errors: 0 }, results: { failed_checks } });
    expect(await scanWith(checkov(output, 1))).toEqual({
      findings: ["image: echo-repository: CKV_AWS_163 Ensure"],
      passed: 7,
    });
  });

  test.each([
    ["has checked nothing", JSON.stringify({ passed: 0, failed: 0 })],
    ["could not read a file", JSON.stringify({ summary: { passed: 7, parsing_errors: 1 } })],
  ])("fails where checkov %s", async (_, output) => {
    await expect(scanWith(checkov(output, 0))).rejects.toThrow(
      new UsageError(`checkov could not read the stacks:\n${output}`),
    );
  });

  test("fails where checkov fails, with what it said: it ends with 1 for a finding too", async () => {
    const path = checkov("", 1, "echo Traceback >&2");
    await expect(scanWith(path)).rejects.toMatchObject({ name: "UsageError", message: `${path} failed:\nTraceback` });
  });

  test("keeps checkov off the network: no key of the user's, no question for a newer version", async () => {
    const said =
      '[ -z "$BC_API_KEY" ] && [ "$CKV_SKIP_PACKAGE_UPDATE_CHECK" = true ] && [ "$HOME" != "$OLD" ] || exit 9';
    const before = process.env.BC_API_KEY;
    Object.assign(process.env, { BC_API_KEY: "key", OLD: process.env.HOME });
    try {
      expect(await scanWith(checkov(quiet, 0, said))).toEqual({ findings: [], passed: 7 });
    } finally {
      delete process.env.OLD;
      if (before === undefined) delete process.env.BC_API_KEY;
      else process.env.BC_API_KEY = before;
    }
  });
});
