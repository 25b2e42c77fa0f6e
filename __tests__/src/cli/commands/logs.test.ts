import type { StatesDocument } from "../../../../src/asl/document";
import type { WatchOptions } from "../../../../src/aws/watch-execution";
import { UsageError } from "../../../../src/base/errors";
import { logs } from "../../../../src/cli/commands/logs";
import type { ExecutionEvent } from "../../../../src/execution/events";
import { act } from "../../../terminal";
import { DOCUMENT, emitAll, execution, type SceneOptions, scene, waitForDetaching } from "../scene";

const MAP: StatesDocument = {
  StartAt: "first",
  States: {
    first: { Type: "Task", Resource: "r", Next: "all" },
    all: { Type: "Map", ItemProcessor: DOCUMENT as never, End: true },
  },
};

/** The job `first`, and a job for each of two items, the second of which fails. */
const EVENTS: ExecutionEvent[] = [
  ...(["first", "only-0", "only-1"] as const).flatMap((name, index): ExecutionEvent[] => [
    {
      at: index,
      type: "job-submitted",
      state: name.split("-")[0]!,
      indices: index === 0 ? [] : [index - 1],
      jobId: `id-${name}`,
      jobName: name,
    },
    { at: index, type: "job-log", jobId: `id-${name}`, line: `${name} says` },
    { at: index, type: "job-log", jobId: `id-${name}`, line: "two lines" },
    {
      at: index,
      type: "job-status",
      jobId: `id-${name}`,
      status: name === "only-1" ? "FAILED" : "SUCCEEDED",
      reason: null,
    },
  ]),
  { at: 5, type: "notice", message: "AWS answers again" },
];

const lines = (...names: string[]) => names.map((name) => `${name} │ ${name} says\n${name} │ two lines\n`).join("");

type LogsFlags = Partial<Parameters<typeof logs.action>[0]>;

async function logging(options: LogsFlags, sceneOptions: SceneOptions = {}) {
  const { session, output, calls } = scene({
    executions: [execution("mine")],
    watch: emitAll(EVENTS),
    aws: { executionDefinition: async () => MAP },
    ...sceneOptions,
  });
  expect(await act(logs, { execution: "mine", ...options }, session)).toBe(0);
  return { ...output, calls };
}

test("what a job wrote to move the cursor or rename the window is not passed on", async () => {
  const line = "\u001b]0;owned\u0007\u001b[2Jgone";
  const events = EVENTS.map((event) => (event.type === "job-log" ? { ...event, line } : event));
  const { stdout } = await logging({ state: "first" }, { watch: emitAll(events) });
  expect(stdout).toMatch(/gone\n/);
  for (const control of ["\u0007", "\u001b"]) expect(stdout).not.toContain(control);
});

test.each<[LogsFlags, string]>([
  [{}, lines("first", "only-0", "only-1")],
  [{ state: "first" }, lines("first")],
  [{ state: "only" }, lines("only-0", "only-1")],
  [{ state: "only[1]" }, lines("only-1")],
])("%p", async (options, stdout) => {
  expect(await logging(options)).toMatchObject({ stdout, stderr: "AWS answers again\n" });
});

test("a notice of the time of the run is not passed on", async () => {
  const { stderr } = await logging({}, { watch: emitAll([{ at: -1, type: "notice", message: "built image a" }]) });
  expect(stderr).not.toContain("built image");
});

test("--failed asks for the logs of failed jobs only", async () => {
  const { calls } = await logging({ failed: true });
  expect(calls.at(-1)).toBe(`watch ${execution("mine").arn}, logs failed`);
});

test("--failed --json is one list of the jobs that failed", async () => {
  const { stdout } = await logging({ failed: true, json: true });
  expect(JSON.parse(stdout)).toEqual([
    {
      state: "only",
      indices: [1],
      name: "only-1",
      id: "id-only-1",
      status: "FAILED",
      log: ["only-1 says", "two lines"],
    },
  ]);
});

test.each<[string, LogsFlags, ExecutionEvent[], string]>([
  ["no job was started", {}, [], "no job was started\n"],
  ["no job has failed", { failed: true }, EVENTS.slice(0, 4), "no job has failed\n"],
  ["nothing was written", {}, EVENTS.slice(0, 1), "the jobs wrote nothing\n"],
])("says that %s", async (_, options, events, stderr) => {
  expect((await logging(options, { watch: emitAll(events) })).stderr).toBe(stderr);
});

test.each([
  ["onli", "did you mean only?"],
  ["onli[0]", "did you mean only?"],
])("a state that there is not is refused: %s", async (state, fix) => {
  await expect(logging({ state })).rejects.toEqual(
    new UsageError(`\`--state\` must be a state of the workflow, got: ${state}; ${fix}`),
  );
});

describe("of an execution that runs", () => {
  const executions = [execution("mine", "RUNNING")];
  /** Emits what one job says, waits, and goes on with the others unless it was detached from. */
  const pausing =
    (seconds: number) =>
    async ({ clock, emit, signal }: WatchOptions) => {
      for (const event of EVENTS) {
        if (event.type === "job-submitted") await clock.sleep(seconds * 1000, signal);
        if (signal!.aborted) return null;
        emit(event);
      }
      return "SUCCEEDED" as const;
    };
  const watch = pausing(4);

  test.each<[number, string[]]>([
    [2, ["first", "only-0", "only-1"]],
    [3, []],
  ])("are those so far: with a line every %d s, %j", async (seconds, names) => {
    expect((await logging({}, { executions, watch: pausing(seconds) })).stdout).toBe(lines(...names));
  });

  test("are those of half a minute, where there are more and more", async () => {
    const watch = async ({ clock, emit, signal }: WatchOptions) => {
      for (const event of EVENTS.slice(0, 1)) emit(event);
      for (let count = 0; !signal!.aborted; count += 1) {
        emit({ at: 0, type: "job-log", jobId: "id-first", line: String(count) });
        await clock.sleep(1000, signal);
      }
      return null;
    };
    expect((await logging({}, { executions, watch })).stdout.trimEnd().split("\n")).toHaveLength(30);
  });

  test("with --follow, go on until it ends", async () => {
    expect((await logging({ follow: true }, { executions, watch })).stdout).toBe(lines("first", "only-0", "only-1"));
  });

  test("with --follow, end when their reader has gone, as `head` does", async () => {
    const { session } = scene({ executions, watch: waitForDetaching });
    const gone = Object.assign(new Error("write EPIPE"), { code: "EPIPE" });
    setImmediate(() => session.stdout.emit("error", gone));
    expect(await act(logs, { execution: "mine", follow: true }, session)).toBe(0);
  });

  test("with --follow, end at Ctrl-C", async () => {
    const onInterrupt = (interrupted: () => void) => {
      interrupted();
      return () => {};
    };
    const { stdout } = await logging({ follow: true }, { executions, watch, session: { onInterrupt } });
    expect(stdout).toBe("");
  });
});
