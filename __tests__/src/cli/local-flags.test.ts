import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { UsageError } from "../../../src/base/errors";
import { LOCAL } from "../../../src/cli/local-flags";

const folder = mkdtempSync(join(tmpdir(), "local-flags-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const env = (text: string) => LOCAL.env.parse!(text, "--env");
const mount = (text: string) => LOCAL.mount.parse!(text, "--mount");

test.each([
  ["A=1", { name: "A", value: "1" }],
  ["_a1=x=y\nz", { name: "_a1", value: "x=y\nz" }],
  ["A=", { name: "A", value: "" }],
  ["A", { name: "A", value: null }],
])("--env %j", (text, variable) => {
  expect(env(text)).toEqual(variable);
});

test.each([
  ["=secret", '`--env` must be NAME=value or NAME, got the name: ""'],
  ["1A=secret", '`--env` must be NAME=value or NAME, got the name: "1A"'],
  ["A B=secret", '`--env` must be NAME=value or NAME, got the name: "A B"'],
  ["AWS_BATCH_JOB_ID=secret", "`--env` cannot set AWS_BATCH_JOB_ID: Batch sets it for each job"],
])("refuses --env %j, without its value", (text, message) => {
  expect(() => env(text)).toThrow(new UsageError(message));
});

test("--resume refuses the document that is written after it", () => {
  const file = join(folder, "their.asl.json");
  writeFileSync(file, "{}");
  expect(() => LOCAL.resume.parse!(file, "--resume")).toThrow(
    new UsageError(
      `\`--resume\` takes the name of a run, got the file ${file}; write the document before \`--resume\``,
    ),
  );
  expect(LOCAL.resume.parse!("run.json", "--resume")).toBe("run.json");
});

test("--mount takes a folder or a file, by any path", () => {
  const file = join(folder, "a:b,c.txt");
  writeFileSync(file, "");
  expect(mount(`${folder}:/in`)).toEqual({ host: folder, container: "/in", readOnly: false });
  expect(mount(`${relative(process.cwd(), folder)}:/in/../x/:ro`)).toEqual({
    host: folder,
    container: "/x",
    readOnly: true,
  });
  expect(mount(`${file}:/in/file`)).toEqual({ host: file, container: "/in/file", readOnly: false });
});

test.each([
  ["/tmp", "`--mount` must be HOST:CONTAINER or HOST:CONTAINER:ro, such as ./in:/in:ro, got: /tmp"],
  [":/in", "`--mount` must be HOST:CONTAINER or HOST:CONTAINER:ro, such as ./in:/in:ro, got: :/in"],
  ["/tmp:ro", "`--mount` must be HOST:CONTAINER or HOST:CONTAINER:ro, such as ./in:/in:ro, got: /tmp:ro"],
  ["/tmp:in", "`--mount` needs an absolute path of the container after the last colon, such as /in, got: /tmp:in"],
  ["/tmp:/in:rw", "`--mount` takes no option but :ro, got: /tmp:/in:rw"],
  [
    "C:\\data:D:\\in",
    "`--mount` needs an absolute path of the container after the last colon, such as /in, got: C:\\data:D:\\in",
  ],
  ["/tmp:/", "`--mount` cannot replace the root folder of the container, got: /tmp:/"],
  ["/no-such-folder:/in", "`--mount`: /no-such-folder cannot be mounted: there is no such file"],
])("refuses --mount %s", (text, message) => {
  expect(() => mount(text)).toThrow(new UsageError(message));
});

const chaos = (text: string) => LOCAL.chaos.parse!(text, "--chaos");
const KNOWN = "lost-host, pull, start, out-of-memory, exit";

test.each([
  ["lost-host=0.3", { "lost-host": 0.3 }],
  ["lost-host=.3, pull=0", { "lost-host": 0.3, pull: 0 }],
  ["lost-host=0.7,pull=0.2,start=0.1", { "lost-host": 0.7, pull: 0.2, start: 0.1 }],
  ["exit=1.0", { exit: 1 }],
])("--chaos %j", (text, probabilities) => {
  expect(chaos(text)).toEqual(probabilities);
});

test.each([
  ["lost-hosts=0.3", '`--chaos` has an unknown failure, got: "lost-hosts"; did you mean lost-host?'],
  ["0.3", `\`--chaos\` has an unknown failure, got: "0.3"; known failures are ${KNOWN}`],
  ["lost-host=0.3,", `\`--chaos\` has an unknown failure, got: ""; known failures are ${KNOWN}`],
  ["constructor=1", `\`--chaos\` has an unknown failure, got: "constructor"; known failures are ${KNOWN}`],
  ["pull", '`--chaos`: the probability of pull must be a number from 0 to 1, such as pull=0.3, got: "pull"'],
  ["pull=1.5", '`--chaos`: the probability of pull must be a number from 0 to 1, such as pull=0.3, got: "1.5"'],
  ["pull=30%", '`--chaos`: the probability of pull must be a number from 0 to 1, such as pull=0.3, got: "30%"'],
  ["pull=5 %", '`--chaos`: the probability of pull must be a number from 0 to 1, such as pull=0.05, got: "5 %"'],
  ["pull=0,5", '`--chaos` has an unknown failure, got: "5"; write decimals with a point, such as 0.3'],
  ["pull=-0.1", '`--chaos`: the probability of pull must be a number from 0 to 1, such as pull=0.3, got: "-0.1"'],
  ["pull=0.1,pull=0.2", "`--chaos` names pull twice; name it once"],
  [
    "pull=0.6,exit=0.5",
    "`--chaos`: an attempt has one failure at most, so the probabilities must add up to 1 at most, got: pull=0.6,exit=0.5",
  ],
])("refuses --chaos %j", (text, message) => {
  expect(() => chaos(text)).toThrow(new UsageError(message));
});

test.each(["0", "-1", "1.5", "many"])("refuses --max-jobs %s", (text) => {
  expect(() => LOCAL.maxJobs.parse!(text, "--max-jobs")).toThrow(
    `\`--max-jobs\` must be a whole number from 1 to 999999999, got: "${text}"`,
  );
});
