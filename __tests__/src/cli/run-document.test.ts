import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { local } from "../../../src/cli/commands/local";
import { act, recordSession } from "../../terminal";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "run-document-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: object): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

const one = (state: object) => ({ StartAt: "one", States: { one: state } });

/** A task that trains with a job definition of an unknown project. */
const TRAINING = one({
  Type: "Task",
  Resource: "arn:aws:states:::batch:submitJob.sync",
  Parameters: { JobName: "one", JobDefinition: "${Train}", JobQueue: "theirs" },
  Retry: [{ ErrorEquals: ["States.ALL"] }],
  End: true,
});

/** Runs a document without the settings of a project. */
async function run(document: string, flags: Parameters<typeof act<object, typeof local.flags>>[1] = {}) {
  const { session, output } = recordSession({ context: { document: 1 } });
  const code = await act(local, { document, json: true, quiet: true, ...flags }, session);
  return { code, ...output };
}

test.each<[string, object | null, object]>([
  ["{}", null, {}],
  ["the example beside it", { of: "example" }, { of: "example" }],
])("without --input, a document from elsewhere gets %s", async (_, example, input) => {
  const document = write("input.asl.json", one({ Type: "Pass", End: true }));
  if (example !== null) write("input.input.json", example);
  const { code, stdout } = await run(document);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ status: "SUCCEEDED", input, output: input, jobs: [] });
});

test("its input must fit the schema beside it", async () => {
  const document = write("strict.json", one({ Type: "Pass", End: true }));
  write("strict.input.schema.json", { type: "object", required: ["who"] });
  await expect(run(document)).rejects.toThrow(
    "the input does not fit the workflow\n  /who: is missing, and the schema requires it",
  );
});

test("the context object has the name of the file", async () => {
  const document = write(
    "orders v2.asl.json",
    one({ Type: "Pass", Parameters: { "name.$": "$$.StateMachine.Name" }, End: true }),
  );
  expect(JSON.parse((await run(document)).stdout).output).toEqual({ name: "orders-v2" });
});

test("a Batch task that nothing was said about fails the run, and says what to do", async () => {
  const { code, stdout } = await run(write("training.asl.json", TRAINING));
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    status: "FAILED",
    error: "Workflow.NotMocked",
    cause:
      'the state \'one\' runs the job definition Train, which is unknown here; run it with `--job Train=IMAGE`, run its command with `--engine process`, or mock it with `--mock FILE`: { "mocks": { "one": { "returns": { "JobId": "1", "Status": "SUCCEEDED" } } } }',
  });
});

test("before the run starts, it names the job definitions that nothing runs", async () => {
  const { stderr } = await run(write("training.asl.json", TRAINING), { quiet: false });
  expect(stderr).toMatch(/^`--job` gives no image for Train: the run fails if it gets there\n/);
});

test("with a mock, a Batch task runs no job", async () => {
  const mock = write("mocks.json", { mocks: { one: { returns: { JobId: "1" } } } });
  const { code, stdout, stderr } = await run(write("training.asl.json", TRAINING), { mock, quiet: false });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ output: { JobId: "1" }, jobs: [] });
  expect(stderr).not.toContain("--job");
});

test("a job definition that no task names is refused", async () => {
  await expect(run(write("training.asl.json", TRAINING), { job: ["Trian=python"] })).rejects.toThrow(
    "`--job` must name a job definition of the document, got: Trian; did you mean Train?",
  );
});

test("without a document, --job is refused", async () => {
  const { session } = recordSession();
  await expect(act(local, { job: ["Train=python"] }, session)).rejects.toThrow(
    "`--job` belongs to a given document; the jobs of the project are in the context of cdktf.json",
  );
});

describe("with mocks", () => {
  test("a Batch task runs no job, and the result names the mocked states", async () => {
    const document = write("mocked.asl.json", TRAINING);
    const mock = write("mocked.mock.json", { mocks: { one: { returns: { JobId: "1" } } } });
    const { code, stdout } = await run(document, { mock });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ output: { JobId: "1" }, mockedStates: ["one"], jobs: [] });
  });

  test("a mistake in them is told before anything runs", async () => {
    const document = write("mocked.asl.json", TRAINING);
    const mock = write("wrong.mock.json", { mocks: { on: { returns: 1 } } });
    await expect(run(document, { mock })).rejects.toThrow(
      `${mock}:1:11: the document has no state "on"; did you mean one?`,
    );
  });

  test("the run names the tasks without one before it starts", async () => {
    const document = write("call.asl.json", one({ Type: "Task", Resource: "arn:aws:states:::sns:publish", End: true }));
    const { code, stderr } = await run(document, { quiet: false });
    expect(code).toBe(1);
    expect(stderr).toContain("no mock answers one (sns:publish): the run fails if it gets there\n");
  });
});
