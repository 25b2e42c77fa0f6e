import { mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import echo from "../../../../scripts/demo/echo.asl.json";
import { NO_ADDITIONS } from "../../../../src/local/batch/job-additions";
import { type Program, Scene, WORLD, type World } from "./reuse-scene";

const ALL = ["step1", "step2-0", "step2-1", "step3-0", "step3-1"];

const inputOf = (step1: string, step2: string[], step3: string[]) => ({
  parameters: { step1_parameter: step1, step2_parameters: step2, step3_parameters: step3 },
});

/** Each job that has a parameter such as `2a` reads `in/2a.csv`; step1 lists `in/`; each job writes `out/<parameter>`. */
const program: Program = async ({ command: [parameter = ""] }, bucket) => {
  if (parameter === "fails") return false;
  if (parameter === "1") for await (const _ of bucket.list("b", "in/"));
  else await bucket.head("b", `in/${parameter}.csv`).catch(() => null);
  await bucket.put("b", `out/${parameter}`, [Buffer.from(parameter)] as never);
  return true;
};

const before: World = {
  ...WORLD,
  document: echo,
  input: inputOf("1", ["2a", "2b"], ["3a", "3b"]),
  job: { timeoutSeconds: 60, environment: [{ name: "LEVEL", value: "info" }], secrets: { TOKEN: "arn" } },
  additions: { ...NO_ADDITIONS, secrets: { echo: { TOKEN: "first" } } },
  program,
};

const withStates = (states: object) => ({ ...echo, States: { ...echo.States, ...states } });
const withCommand = (Command: string[]) => {
  const { Arguments } = echo.States.step1;
  return withStates({ step1: { ...echo.States.step1, Arguments: { ...Arguments, ContainerOverrides: { Command } } } });
};

/** The edits of docs/resuming.md, by the first cell of their row, the jobs that run afterwards, and what is said of them. */
const EDITS: Readonly<
  Record<
    string,
    { world?: Partial<World>; edit?: (data: string) => void; runs: readonly string[]; why?: readonly string[] }
  >
> = {
  nothing: { runs: [] },
  "a comment in the document": { world: { document: { ...echo, Comment: "Other words." } }, runs: [] },
  "the command of a state": {
    world: { document: withCommand(["other"]) },
    runs: ["step1"],
    why: ["the command has changed"],
  },
  "`command` or `environment` of a job": {
    world: { job: { ...before.job, environment: [{ name: "LEVEL", value: "debug" }] } },
    runs: ALL,
    why: ["the environment has changed (LEVEL)"],
  },
  "the value of a secret": {
    world: { additions: { ...before.additions, secrets: { echo: { TOKEN: "second" } } } },
    runs: ALL,
    why: ["the value of a secret has changed (TOKEN)"],
  },
  "the image": { world: { image: "sha256:2" }, runs: ALL, why: ["the image has changed"] },
  "a field that the program can feel": {
    world: { job: { ...before.job, memoryMiB: 1024 } },
    runs: ALL,
    why: ["the field `memoryMiB` has changed"],
  },
  "a field that the program cannot feel": {
    world: {
      job: { ...before.job, propagateTags: true, container: { JobRoleArn: "arn:aws:iam::123456789012:role/other" } },
    },
    runs: [],
  },
  "`timeoutSeconds`, longer than the job took": { world: { job: { ...before.job, timeoutSeconds: 10 } }, runs: [] },
  "`timeoutSeconds`, shorter than the job took": {
    world: { job: { ...before.job, timeoutSeconds: 0.5 } },
    runs: ALL,
    why: ["its time limit or its retries no longer allow the earlier attempts"],
  },
  "a retry rule of a state or a job": {
    world: {
      document: withStates({ step1: { ...echo.States.step1, Retry: [] } }),
      job: { ...before.job, attempts: 5 },
    },
    runs: [],
  },
  "an item added to the input": {
    world: { input: inputOf("1", ["2a", "new", "2b"], ["3a", "3b"]) },
    runs: ["step2-1"],
    why: ["the command has changed"],
  },
  "an item removed": { world: { input: inputOf("1", ["2b"], ["3a", "3b"]) }, runs: [] },
  "an item moved": { world: { input: inputOf("1", ["2b", "2a"], ["3b", "3a"]) }, runs: [] },
  // Which of the two runs is left open.
  "an item twice": {
    world: { input: inputOf("1", ["2a", "2b", "2a"], ["3a", "3b"]) },
    runs: [expect.stringMatching(/^step2-[02]$/)],
    why: ["another job has got the earlier result, and each is used once"],
  },
  "an object that a job has read": {
    edit: (data) => writeFileSync(join(data, "in/2a.csv"), "changed"),
    runs: ["step1", "step2-0"],
    why: ["a listing that it read has changed (in/)", "an object that it read has changed (in/2a.csv)"],
  },
  "the time of an object, not its content": {
    edit: (data) => utimesSync(join(data, "in/2a.csv"), 1, 1),
    runs: [],
  },
  "an object that a job has looked for and not found": {
    edit: (data) => writeFileSync(join(data, "in/3a.csv"), "new"),
    runs: ["step1", "step3-0"],
    why: ["a listing that it read has changed (in/)", "an object that it read has changed (in/3a.csv)"],
  },
  "a new object where a job has listed": {
    edit: (data) => writeFileSync(join(data, "in/z"), ""),
    runs: ["step1"],
    why: ["a listing that it read has changed (in/)"],
  },
  "an object that a job has written": {
    edit: (data) => rmSync(join(data, "out/2b")),
    runs: ["step2-1"],
    why: ["an object that it wrote has changed (out/2b)"],
  },
  "another object": { edit: (data) => writeFileSync(join(data, "other.csv"), "new"), runs: [] },
  "an image that is not known": { world: { image: null }, runs: ALL, why: ["the content of its image is not known"] },
};

let scene: Scene;
const write = (path: string, content: string) => {
  const file = join(scene.folder, "data", path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
};
beforeEach(() => {
  scene = new Scene();
  write("in/2a.csv", "a");
  write("in/2b.csv", "b");
});
afterEach(() => scene.remove());

describe("a job runs again, or gets its earlier result, after a change of", () => {
  test.each(Object.entries(EDITS))("%s", async (_, { world = {}, edit = () => {}, runs, why = [] }) => {
    expect((await scene.run(before)).ran).toEqual(ALL);
    edit(join(scene.folder, "data"));
    const { result, ran } = await scene.run({ ...before, ...world });
    expect([result.status, ran]).toEqual(["SUCCEEDED", runs]);
    const told = result.jobs.flatMap(({ notReused }) => notReused ?? []);
    expect([told.length, [...new Set(told)]]).toEqual([runs.length, why]);
  });

  test("nothing, after a run that has itself reused results", async () => {
    await scene.run(before);
    await scene.run({ ...before, input: inputOf("1", ["2a", "2b"], ["3a", "3c"]) });
    expect((await scene.run(before)).ran).toEqual([]);
  });
});

test("the page names each edit that is tried here", () => {
  const page = readFileSync(join(__dirname, "../../../../docs/resuming.md"), "utf8");
  const rows = [...page.matchAll(/^\| (.+?) \|/gm)].map(([, edit]) => edit);
  expect(Object.keys(EDITS).filter((edit) => !rows.includes(edit))).toEqual([]);
});

test("a job that failed runs again, with what its result decides", async () => {
  const failing = { ...before, input: inputOf("1", ["2a"], ["fails"]) };
  expect((await scene.run(failing)).result.status).toBe("FAILED");
  const { result, ran } = await scene.run({ ...failing, input: inputOf("1", ["2a"], ["3a"]) });
  expect([result.status, ran]).toEqual(["SUCCEEDED", ["step3-0"]]);
  expect(result.jobs.map(({ name, reusedFrom, notReused }) => [name, reusedFrom, notReused])).toEqual([
    ["step1", "run-1", undefined],
    ["step2-0", "run-1", undefined],
    ["step3-0", null, "no earlier result of it is kept"],
  ]);
});

test("a reused job has the id, the times and the attempts of the job that ran, and its own name", async () => {
  const document = {
    StartAt: "work",
    QueryLanguage: "JSONata",
    States: {
      work: {
        ...{ Type: "Task", Resource: "arn:aws:states:::batch:submitJob.sync", End: true },
        Arguments: { JobName: "{% $states.input.name %}", JobDefinition: "echo", JobQueue: "queue" },
      },
    },
  };
  const world = { ...WORLD, document, input: { name: "first" } };
  const { result: first } = await scene.run(world);
  const { result: second, ran } = await scene.run({ ...world, input: { name: "second" } });
  expect(ran).toEqual([]);
  const { Tags, ...output } = second.output as Record<string, unknown>;
  expect(output).toEqual({ ...(first.output as object), Tags: undefined, JobName: "second" });
  expect(Tags).toEqual({ resourceArn: output.JobArn });
});

test("jobs with credentials of the user run again, because others may use them", async () => {
  const additions = { ...before.additions, environment: { AWS_ACCESS_KEY_ID: "own", AWS_SECRET_ACCESS_KEY: "secret" } };
  await scene.run({ ...before, additions });
  const { ran, result } = await scene.run({ ...before, additions });
  expect(ran).toEqual(ALL);
  expect(new Set(result.jobs.map(({ notReused }) => notReused))).toEqual(
    new Set(["the earlier job had AWS credentials of your own, which others may use"]),
  );
});

test("a job whose result was not kept says why, until one is kept", async () => {
  const only = { ...before, input: inputOf("1", [], []) };
  const mounted = join(scene.folder, "mounted");
  const mounts = [{ host: mounted, container: "/m", readOnly: false }];
  const additions = { ...before.additions, mounts };
  const refused: Program = async (_, bucket) => {
    await bucket.put("b", "../x", [] as never).catch(() => null);
    return true;
  };
  let files = 0;
  const writes: Program = async () => {
    mkdirSync(mounted, { recursive: true });
    writeFileSync(join(mounted, `${++files}`), "");
    return true;
  };
  const why = async (world: World) => (await scene.run(world)).result.jobs.map(({ notReused }) => notReused);
  expect(await why({ ...only, program: refused })).toEqual([undefined]);
  expect(await why({ ...only, additions, program: writes })).toEqual([
    "S3 has refused a request of the earlier job, or an object changed while the job read it",
  ]);
  expect(await why({ ...only, additions })).toEqual(["the earlier job has written in a mounted folder"]);
  expect(await why({ ...only, additions })).toEqual([undefined]);
  expect(await why(only)).toEqual(["a file in a mounted folder and a mount have changed"]);
  symlinkSync("x", join(mounted, "link"));
  expect(await why({ ...only, additions })).toEqual([
    "a mounted folder holds a symbolic link, or too many files to compare",
  ]);
});

test("an item that has moved is compared with itself", async () => {
  await scene.run({ ...before, input: inputOf("1", ["2a", "2b"], []) });
  const { result } = await scene.run({ ...before, input: inputOf("1", ["new", "2b", "2a"], []), image: "sha256:2" });
  expect(result.jobs.map(({ name, notReused }) => [name, notReused])).toEqual([
    ["step1", "the image has changed"],
    ["step2-0", "the image and the command have changed"],
    ["step2-1", "the image has changed"],
    ["step2-2", "the image has changed"],
  ]);
});

test("of several earlier jobs at a place, the most similar one says what has changed", async () => {
  const document = {
    StartAt: "count",
    QueryLanguage: "JSONata",
    States: {
      count: { Type: "Pass", Assign: { n: 0 }, Next: "work" },
      work: {
        ...{ Type: "Task", Resource: "arn:aws:states:::batch:submitJob.sync", Next: "again" },
        Arguments: {
          ...{ JobName: "work", JobDefinition: "echo", JobQueue: "queue" },
          ContainerOverrides: { Command: ["{% $string($n) %}"] },
        },
        Assign: { n: "{% $n + 1 %}" },
      },
      again: { Type: "Choice", Choices: [{ Condition: "{% $n < 3 %}", Next: "work" }], Default: "end" },
      end: { Type: "Succeed" },
    },
  };
  await scene.run({ ...WORLD, document, input: {} });
  const { result } = await scene.run({ ...WORLD, document, input: {}, image: "sha256:2" });
  expect(result.jobs.map(({ notReused }) => notReused)).toEqual(Array(3).fill("the image has changed"));
});
