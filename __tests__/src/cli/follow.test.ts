import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../../src/base/errors";
import { redrive } from "../../../src/cli/commands/redrive";
import { start } from "../../../src/cli/commands/start";
import { watch } from "../../../src/cli/commands/watch";
import type { Session } from "../../../src/cli/session";
import { act } from "../../terminal";
import { emitAll, execution, oneJob, type SceneOptions, STATE_MACHINE, scene, waitForDetaching } from "./scene";

const EXECUTION = execution("mine").arn;
const CONSOLE = `https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/${EXECUTION}`;
const EXAMPLE_INPUT = readFileSync(join(__dirname, "../../../scripts/demo/echo.input.json"), "utf8");
const STARTED = [`connect eu-west-1`, `start ${STATE_MACHINE} ${EXAMPLE_INPUT}`];
const FOLLOWED = [...STARTED, `watch ${EXECUTION}, logs all`];
const GOES_ON = "the execution continues; follow it with `npx workflow watch mine`\n";

async function starting(options: Partial<Parameters<typeof start.action>[0]> = {}, sceneOptions: SceneOptions = {}) {
  const { session, output, calls } = scene(sceneOptions);
  const code = await act(start, { name: "mine", validate: true, ...options }, session);
  return { code, calls, ...output };
}

/** Interrupts so many times, each once what the one before has led to is done. */
const interrupts =
  (times: number): Session["onInterrupt"] =>
  (interrupted) => {
    let isListening = true;
    const next = (left: number) => {
      if (left === 0 || !isListening) return;
      setImmediate(() => {
        interrupted();
        next(left - 1);
      });
    };
    next(times);
    return () => {
      isListening = false;
    };
  };

/** An execution that ends when it is stopped. */
function stoppable(): Pick<SceneOptions, "watch" | "aws"> & { calls: string[] } {
  const calls: string[] = [];
  let end: () => void = () => {};
  return {
    calls,
    watch: ({ emit, signal }) =>
      new Promise((resolve) => {
        emit(oneJob("SUCCEEDED")[0]!);
        signal!.addEventListener("abort", () => resolve(null));
        end = () => {
          emit({ at: 4000, type: "execution-ended", status: "ABORTED", output: null, error: null, cause: "why" });
          resolve("ABORTED");
        };
      }),
    aws: {
      stopExecution: async (_, arn, { cause }) => {
        calls.push(`stop ${arn}: ${cause}`);
        end();
      },
    },
  };
}

describe("start", () => {
  test("starts with the example, follows to the end and gives 0", async () => {
    expect(await starting()).toEqual({
      code: 0,
      calls: FOLLOWED,
      stdout: "",
      stderr: `${CONSOLE}
execution mine started
job started
job │ what it said
job succeeded in 0.5 s
SUCCEEDED in 2.0 s, 1 job · no price for 1 job
`,
    });
  });

  test("gives 1 for one that fails, and names state, exit code and the last lines", async () => {
    const { code, stderr } = await starting({}, { watch: emitAll(oneJob("FAILED")) });
    expect(code).toBe(1);
    expect(stderr).toContain("✗ only failed: States.TaskFailed, exit code 3\n    job │ what it said\n");
  });

  test("--quiet says nothing of one that succeeds, and reads the logs of failed jobs only", async () => {
    const { stderr, calls } = await starting({ quiet: true });
    expect(stderr).toBe("");
    expect(calls.at(-1)).toBe(`watch ${EXECUTION}, logs failed`);
  });

  test("--json prints the outcome, with the ARN, as one document", async () => {
    const { stdout } = await starting({ json: true });
    expect(JSON.parse(stdout)).toMatchObject({
      arn: EXECUTION,
      console: CONSOLE,
      name: "mine",
      status: "SUCCEEDED",
      jobs: [{ state: "only", name: "job", exitCode: 0, log: "what it said\n" }],
    });
  });

  test("--detach prints the ARN, and follows nothing", async () => {
    expect(await starting({ detach: true })).toEqual({
      code: 0,
      calls: STARTED,
      stdout: `${EXECUTION}\n`,
      stderr: "execution mine started; follow it with `npx workflow watch mine`\n",
    });
  });

  test("--detach --json prints what was started", async () => {
    const { stdout } = await starting({ detach: true, json: true });
    expect(JSON.parse(stdout)).toEqual({
      arn: EXECUTION,
      name: "mine",
      status: "RUNNING",
      startedAt: "1970-01-01T00:00:01.000Z",
      stoppedAt: null,
      redriveCount: 0,
      console: CONSOLE,
    });
  });

  test("another state machine is taken by its ARN, in its region, and its input as it is", async () => {
    const stateMachine = STATE_MACHINE.replace("eu-west-1", "us-east-2");
    const input = '{"b": [1.0, 9007199254740993],\n "1": 1e400}';
    const session = { readStandardInput: () => input };
    const { calls, stderr } = await starting({ stateMachine, input: "-", detach: true }, { session });
    expect(calls).toEqual(["connect us-east-2", `start ${stateMachine} ${input}`]);
    expect(stderr).toContain(`watch ${EXECUTION}\``);
  });

  const refused = () => Promise.reject(new UsageError("AWS refuses it"));

  test("shows the project's own states where AWS does not show those of the state machine", async () => {
    expect(await starting({}, { aws: { stateMachineDefinition: refused } })).toMatchObject({
      code: 0,
      calls: FOLLOWED,
    });
  });

  test("starts nothing of a state machine whose states are not known", async () => {
    const session = { readStandardInput: () => "{}" };
    const { session: all, calls } = scene({ aws: { stateMachineDefinition: refused }, session });
    const options = { stateMachine: STATE_MACHINE, input: "-", validate: true };
    await expect(act(start, options, all)).rejects.toEqual(new UsageError("AWS refuses it"));
    expect(calls).toEqual(["connect eu-west-1"]);
  });
});

describe("Ctrl-C", () => {
  test("asks, and stops the execution", async () => {
    const { calls, ...sceneOptions } = stoppable();
    const asked: string[] = [];
    const ask = async (question: string) => {
      asked.push(question);
      return "s";
    };
    const { code, stderr } = await starting({}, { ...sceneOptions, session: { ask, onInterrupt: interrupts(1) } });
    expect(code).toBe(1);
    expect(asked).toEqual(["stop the execution, or detach from it? [s/D] "]);
    expect(calls).toEqual([`stop ${EXECUTION}: interrupted by the user`]);
    expect(stderr).toBe(`${CONSOLE}
execution mine started
stopping the execution, and its jobs with it; a second Ctrl-C detaches
ABORTED in 3.0 s, 0 jobs: why
`);
  });

  test.each(["", "d", "x"])("asks, and detaches at the answer %p", async (answer) => {
    const { calls, ...sceneOptions } = stoppable();
    const session = { ask: async () => answer, onInterrupt: interrupts(1) };
    const { code, stderr } = await starting({}, { ...sceneOptions, session });
    expect({ code, calls }).toEqual({ code: 1, calls: [] });
    expect(stderr).toBe(`${CONSOLE}\nexecution mine started\n${GOES_ON}`);
  });

  test("detaches without a terminal to ask in", async () => {
    const { code, stderr } = await starting({}, { watch: waitForDetaching, session: { onInterrupt: interrupts(1) } });
    expect({ code, stderr }).toEqual({ code: 1, stderr: `${CONSOLE}\n${GOES_ON}` });
  });

  test("does what --on-interrupt says, without asking", async () => {
    const { calls, ...sceneOptions } = stoppable();
    const ask = () => Promise.reject(new Error("should not ask"));
    const { code } = await starting(
      { onInterrupt: "stop" },
      { ...sceneOptions, session: { ask, onInterrupt: interrupts(1) } },
    );
    expect(code).toBe(1);
    expect(calls).toEqual([`stop ${EXECUTION}: interrupted by the user`]);
  });

  test("a second one detaches, from a question too", async () => {
    const ask = (_: string, signal?: AbortSignal) =>
      new Promise<string>((resolve) => signal!.addEventListener("abort", () => resolve("")));
    const { code, stderr } = await starting(
      {},
      { watch: waitForDetaching, session: { ask, onInterrupt: interrupts(2) } },
    );
    expect({ code, stderr }).toEqual({ code: 1, stderr: `${CONSOLE}\n${GOES_ON}` });
  });

  test("events during the question are shown after the answer; the end of the execution takes the question back", async () => {
    let asked: () => void = () => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const shown: string[] = [];
    const { session, output } = scene({
      watch: async (options) => {
        await isAsked;
        return emitAll(oneJob("SUCCEEDED"))(options);
      },
      session: {
        onInterrupt: interrupts(1),
        ask: (_, signal) => {
          asked();
          return new Promise((resolve) =>
            signal!.addEventListener("abort", () => {
              shown.push(output.stderr);
              resolve("");
            }),
          );
        },
      },
    });
    expect(await act(start, { name: "mine", validate: true }, session)).toBe(0);
    expect(shown).toEqual([`${CONSOLE}\n`]);
    expect(output.stderr).toContain("SUCCEEDED in 2.0 s, 1 job · no price for 1 job\n");
  });

  test("where AWS refuses to stop it, that is said, and the execution goes on", async () => {
    const { watch } = stoppable();
    const stopExecution = () => Promise.reject(new UsageError("AWS refuses it"));
    const { code, stderr } = await starting(
      { onInterrupt: "stop" },
      { ...(watch && { watch }), aws: { stopExecution }, session: { onInterrupt: interrupts(1) } },
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`AWS refuses it\n${GOES_ON.replace(/[`-]/g, ".")}$`));
  });
});

describe("where it is not known what AWS has done", () => {
  const GONE = Object.assign(new Error(), { code: "ECONNREFUSED" });
  const never = () => new Promise<never>(() => {});
  const lost = () => Promise.reject(new UsageError("AWS cannot be reached", { cause: GONE }));
  const DOUBT = "it is not known whether the execution mine has started; if so, `npx workflow watch mine` shows it";

  test("Ctrl-C before AWS has answered a start says the name, and does not wait", async () => {
    const session = { onInterrupt: interrupts(1) };
    const { code, calls, stderr } = await starting({}, { aws: { startExecution: never }, session });
    expect({ code, calls }).toEqual({ code: 1, calls: ["connect eu-west-1"] });
    expect(stderr).toBe(`interrupted before AWS answered: ${DOUBT}\n`);
  });

  test("a start without an answer says the name", async () => {
    const aws = { startExecution: lost };
    await expect(starting({}, { aws })).rejects.toEqual(new UsageError(`AWS cannot be reached\n${DOUBT}`));
  });

  test("a start whose first answer was lost is followed: no other execution has its random name", async () => {
    const cause = Object.assign(new Error(), { name: "ExecutionAlreadyExists" });
    const startExecution = () => Promise.reject(new UsageError("it exists", { cause }));
    const { session, calls } = scene({ executions: [execution("random", "RUNNING")], aws: { startExecution } });
    expect(await act(start, { validate: true }, session)).toBe(0);
    expect(calls.at(-1)).toBe(`watch ${execution("random").arn}, logs all`);
    await expect(act(start, { name: "mine", validate: true }, session)).rejects.toThrow("it exists");
  });

  test("Ctrl-C before AWS has answered a redrive says so", async () => {
    const { session, output } = scene({
      executions: [execution("mine", "FAILED")],
      aws: { redriveExecution: never },
      session: { onInterrupt: interrupts(1) },
    });
    expect(await act(redrive, { execution: "mine" }, session)).toBe(1);
    expect(output.stderr).toBe(
      "interrupted before AWS answered: it is not known whether the execution was redriven; follow it with `npx workflow watch mine`\n",
    );
  });

  test("a second Ctrl-C does not wait for the answer to a stop", async () => {
    const { code, stderr } = await starting(
      { onInterrupt: "stop" },
      { watch: waitForDetaching, aws: { stopExecution: never }, session: { onInterrupt: interrupts(2) } },
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /\nit is not known whether the execution was stopped; follow it with `npx workflow watch mine`\n$/,
    );
  });

  test("an execution that AWS has forgotten is not said to go on", async () => {
    const cause = Object.assign(new Error(), { name: "ExecutionDoesNotExist" });
    const watch = () => Promise.reject(new UsageError("there is no execution", { cause }));
    const { code, stderr } = await starting({}, { watch });
    expect({ code, stderr }).toEqual({ code: 1, stderr: `${CONSOLE}\nthere is no execution\n` });
  });
});

describe("--timeout", () => {
  test("detaches", async () => {
    const { code, stderr } = await starting({ timeout: 5 }, { watch: waitForDetaching });
    expect({ code, stderr }).toEqual({ code: 1, stderr: `${CONSOLE}\nstill running after 5 s\n${GOES_ON}` });
  });

  test("stops where --on-interrupt says so", async () => {
    const { calls, ...sceneOptions } = stoppable();
    expect((await starting({ timeout: 5, onInterrupt: "stop" }, sceneOptions)).code).toBe(1);
    expect(calls).toEqual([`stop ${EXECUTION}: still running after 5 s`]);
  });
});

describe("what is known is kept", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "follow-test-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const files = () => ({ report: join(folder, "report.json"), trace: join(folder, "trace.csv") });

  test.each<[string, SceneOptions, number]>([
    ["succeeded", {}, 0],
    ["failed", { watch: emitAll(oneJob("FAILED")) }, 1],
    ["was detached from", { watch: emitAll(oneJob("FAILED").slice(0, 4)) }, 1],
    [
      "was lost sight of",
      {
        watch: async (options) => {
          await emitAll(oneJob("FAILED").slice(0, 4))(options);
          throw new UsageError("the AWS credentials have expired");
        },
      },
      1,
    ],
  ])("in a report and a trace, of an execution that %s", async (_, sceneOptions, code) => {
    expect((await starting(files(), sceneOptions)).code).toBe(code);
    expect(readdirSync(folder)).toEqual(["report.json", "trace.csv"]);
    expect(JSON.stringify(JSON.parse(readFileSync(join(folder, "report.json"), "utf8")))).toContain('"mine"');
    expect(readFileSync(join(folder, "trace.csv"), "utf8").trimEnd().split(/\r?\n/)).toHaveLength(2);
  });

  test("and 1 is given where it cannot be written", async () => {
    const { code, stderr } = await starting({ report: join(folder, "no", "report.json") });
    expect(code).toBe(1);
    expect(stderr).toMatch(/\n`--report` cannot be written to .*report\.json: there is no such file\n$/);
  });
});

test("an execution that is lost sight of is not said to have failed", async () => {
  const watch = () => Promise.reject(new UsageError("the AWS credentials have expired; log in"));
  const { code, stderr } = await starting({}, { watch });
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `${CONSOLE}\nthe AWS credentials have expired; log in\n${GOES_ON}`,
  });
});

describe("watch", () => {
  test("finds the execution and follows it; its end is the exit code", async () => {
    const { session, calls } = scene({ executions: [execution("mine")], watch: emitAll(oneJob("FAILED")) });
    expect(await act(watch, {}, session)).toBe(1);
    expect(calls).toEqual(["connect eu-west-1", `find latest of ${STATE_MACHINE}`, `watch ${EXECUTION}, logs all`]);
  });

  test("an ARN leads to its own region and state machine", async () => {
    const arn = "arn:aws-cn:states:cn-north-1:123456789012:execution:other:mine";
    const { session, calls } = scene({ executions: [{ ...execution("mine"), arn }] });
    expect(await act(watch, { execution: arn }, session)).toBe(0);
    expect(calls.slice(0, 2)).toEqual([
      "connect cn-north-1",
      `find ${arn} of arn:aws-cn:states:cn-north-1:123456789012:stateMachine:other`,
    ]);
  });

  test("Ctrl-C detaches without asking", async () => {
    const ask = () => Promise.reject(new Error("should not ask"));
    const { session } = scene({
      executions: [execution("mine", "RUNNING")],
      watch: waitForDetaching,
      session: { ask, onInterrupt: interrupts(1) },
    });
    expect(await act(watch, { execution: "mine" }, session)).toBe(1);
  });
});

describe("redrive", () => {
  const executions = [execution("first", "FAILED"), execution("mine", "FAILED")];

  test("is asked of the right execution, which is then followed", async () => {
    const { session, calls } = scene({ executions });
    expect(await act(redrive, { execution: "mine" }, session)).toBe(0);
    expect(calls).toEqual([
      "connect eu-west-1",
      `find mine of ${STATE_MACHINE}`,
      `redrive ${EXECUTION}`,
      `watch ${EXECUTION}, logs all`,
    ]);
  });

  test("--detach --json shows it running again", async () => {
    const { session, output, calls } = scene({ executions });
    expect(await act(redrive, { execution: "mine", detach: true, json: true }, session)).toBe(0);
    expect(calls.at(-1)).toBe(`redrive ${EXECUTION}`);
    expect(JSON.parse(output.stdout)).toMatchObject({
      arn: EXECUTION,
      status: "RUNNING",
      stoppedAt: null,
      redriveCount: 1,
    });
  });
});
