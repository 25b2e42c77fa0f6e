import { Writable } from "node:stream";
import { UsageError } from "../errors";
import { type DeployedExecutions, deploy, destroy, diff, type LifecycleSurroundings } from "../lifecycle";

/** A terminal that writes down what happens in it, in order. */
function scene({ exitCodes = {}, answer = null, environment = {} }: SceneOptions = {}) {
  const happened: string[] = [];
  const stream = (name: string) =>
    new Writable({
      write(chunk, _, done) {
        happened.push(`${name}: ${chunk}`);
        done();
      },
    });
  const surroundings: LifecycleSurroundings = {
    environment,
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    onInterrupt: () => () => {},
    exclusively: (act) => act(),
    ask:
      answer === null
        ? null
        : async (question) => {
            happened.push(`asked: ${question}`);
            return answer;
          },
    startCdktf: (args) => {
      happened.push(`cdktf ${args.join(" ")}`);
      return { ended: Promise.resolve(exitCodes[args.slice(0, 2).join(" ")] ?? 0), interrupt: () => {} };
    },
  };
  return { happened, surroundings };
}

interface SceneOptions {
  /** By the first two arguments. */
  readonly exitCodes?: Readonly<Record<string, number>>;
  readonly answer?: string | null;
  readonly environment?: NodeJS.ProcessEnv;
}

const executions =
  (happened: string[], ...names: string[]) =>
  async (): Promise<DeployedExecutions> => {
    const all = names.map((name) => ({ arn: `arn:${name}`, name }));
    return {
      running: async () => all,
      stop: async (stopped) => {
        happened.push("stop");
        for (const execution of all) stopped(execution);
      },
    };
  };

const NOTHING = { stacks: [], flags: [] };

describe("deploy", () => {
  test("takes every stack, passes flags on and gives the CLI's exit code", async () => {
    const { happened, surroundings } = scene({ exitCodes: { "deploy *": 3 } });
    expect(await deploy({ stacks: [], flags: ["--auto-approve"] }, surroundings)).toBe(3);
    expect(happened).toEqual(["cdktf deploy * --auto-approve"]);
  });

  test("takes the stacks that are named", async () => {
    const { happened, surroundings } = scene();
    await deploy({ stacks: ["image"], flags: [] }, surroundings);
    expect(happened).toEqual(["cdktf deploy image"]);
  });

  test("interrupted, interrupts the CLI and waits for its end", async () => {
    const { happened, surroundings } = scene();
    const code = await deploy(NOTHING, {
      ...surroundings,
      onInterrupt: (interrupted) => {
        process.nextTick(interrupted);
        return () => {};
      },
      startCdktf: () => {
        let end: (code: number) => void = () => {};
        const ended = new Promise<number>((resolve) => {
          end = resolve;
        });
        return { ended, interrupt: () => setImmediate(end, 1) };
      },
    });
    expect(code).toBe(1);
    expect(happened).toEqual(["stderr: stopping: Terraform saves what it has done; at a second Ctrl-C it does not\n"]);
  });
});

describe("state that would be lost with a CI machine", () => {
  test.each(["deploy", "destroy"] as const)("is refused by %s before anything starts", async (command) => {
    const { happened, surroundings } = scene({ environment: { CI: "true" } });
    await expect({ deploy, destroy }[command](NOTHING, surroundings)).rejects.toEqual(
      new UsageError(
        `\`backend\` must be s3 or cloud for a ${command} in CI, where the state would be lost with the machine, got: "local"; set WORKFLOW_BACKEND`,
      ),
    );
    expect(happened).toEqual([]);
  });

  test.each<NodeJS.ProcessEnv>([
    { CI: "" },
    { CI: "0" },
    { CI: "false" },
    { CI: "1", WORKFLOW_BACKEND: "s3", WORKFLOW_STATE_BUCKET: "states" },
  ])("is none with %p", async (environment) => {
    const { happened, surroundings } = scene({ environment });
    await deploy(NOTHING, surroundings);
    expect(happened).toEqual(["cdktf deploy *"]);
  });
});

describe("destroy", () => {
  test("goes straight on where nothing runs", async () => {
    const { happened, surroundings } = scene();
    expect(await destroy(NOTHING, surroundings, executions(happened))).toBe(0);
    expect(happened).toEqual(["cdktf destroy *"]);
  });

  test("leaves executions alone where the state machine stays", async () => {
    const { happened, surroundings } = scene();
    await destroy({ stacks: ["image"], flags: [] }, surroundings, executions(happened, "a"));
    expect(happened).toEqual(["cdktf destroy image"]);
  });

  test.each(["*", "work*", "workflow"])("takes executions for hold-ups where %s is destroyed", async (stack) => {
    const { happened, surroundings } = scene();
    await destroy({ stacks: [stack], flags: ["--auto-approve"] }, surroundings, executions(happened, "a"));
    expect(happened).toEqual(["stop", "stderr: stopped the execution a\n", `cdktf destroy ${stack} --auto-approve`]);
  });

  test("stops nothing for a document that cannot be synthesized", async () => {
    const { happened, surroundings } = scene({ environment: { WORKFLOW_DOCUMENT: "nowhere.asl.json" } });
    await expect(destroy(NOTHING, surroundings, executions(happened, "a"))).rejects.toThrow(UsageError);
    expect(happened).toEqual([]);
  });

  test("with --auto-approve stops what runs first, without a question", async () => {
    const { happened, surroundings } = scene({ answer: "n" });
    await destroy({ stacks: [], flags: ["--auto-approve"] }, surroundings, executions(happened, "a", "b"));
    expect(happened).toEqual([
      "stop",
      "stderr: stopped the execution a\n",
      "stderr: stopped the execution b\n",
      "cdktf destroy * --auto-approve",
    ]);
  });

  test.each(["y", "Yes "])("stops what runs when told %p", async (answer) => {
    const { happened, surroundings } = scene({ answer });
    expect(await destroy(NOTHING, surroundings, executions(happened, "a"))).toBe(0);
    expect(happened).toEqual([
      "asked: 1 execution is running (a); stop them, before Terraform asks? [y/N] ",
      "stop",
      "stderr: stopped the execution a\n",
      "cdktf destroy *",
    ]);
  });

  test.each(["", "n", "yesterday"])("leaves all as it is when told %p", async (answer) => {
    const { happened, surroundings } = scene({ answer });
    expect(await destroy(NOTHING, surroundings, executions(happened, "a", "b", "c", "d", "e", "f"))).toBe(1);
    expect(happened).toEqual([
      "asked: 6 executions are running (a, b, c, d, e, …); stop them, before Terraform asks? [y/N] ",
      "stderr: nothing was stopped or destroyed\n",
    ]);
  });

  test("refuses where nobody can be asked", async () => {
    const { happened, surroundings } = scene();
    await expect(destroy(NOTHING, surroundings, executions(happened, "a", "b"))).rejects.toEqual(
      new UsageError("2 executions are running (a, b), and nobody is there to ask; stop them with `--auto-approve`"),
    );
    expect(happened).toEqual([]);
  });
});

describe("diff", () => {
  const stacks = () => ["image", "workflow"];

  test("synthesizes once and shows every stack, one that fails too", async () => {
    const { happened, surroundings } = scene({ exitCodes: { "diff image": 1 } });
    expect(await diff({ stacks: [], flags: ["--no-color"] }, surroundings, stacks)).toBe(1);
    expect(happened).toEqual([
      "cdktf synth",
      "stdout: \n--- image\n",
      "cdktf diff image --skip-synth --no-color",
      "stdout: \n--- workflow\n",
      "cdktf diff workflow --skip-synth --no-color",
      "stderr: not compared: image\n",
    ]);
  });

  test("ends with 0 when all could be compared", async () => {
    const { happened, surroundings } = scene({ environment: { CI: "1" } });
    expect(await diff({ stacks: ["workflow"], flags: ["--skip-synth"] }, surroundings, stacks)).toBe(0);
    expect(happened).toEqual(["stdout: \n--- workflow\n", "cdktf diff workflow --skip-synth"]);
  });

  test("compares nothing when the synth fails", async () => {
    const { happened, surroundings } = scene({ exitCodes: { synth: 4 } });
    expect(await diff(NOTHING, surroundings, stacks)).toBe(4);
    expect(happened).toEqual(["cdktf synth"]);
  });

  test("refuses a stack that is none", async () => {
    const { surroundings } = scene();
    await expect(diff({ stacks: ["imgae"], flags: [] }, surroundings, stacks)).rejects.toEqual(
      new UsageError("`imgae` is no stack; the stacks are image, workflow"),
    );
  });
});
