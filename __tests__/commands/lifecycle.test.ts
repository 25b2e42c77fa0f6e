import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import type { TerraformCommand } from "../../commands/doctor-checks";
import {
  type DeployedExecutions,
  deploy,
  destroy,
  diff,
  type LifecycleSurroundings,
  synth,
} from "../../commands/lifecycle";
import { UsageError } from "../../errors";
import { CONTEXT } from "../example/example";

/** A terminal that writes down what happens in it, in order. */
function scene({
  exitCodes = {},
  answer = null,
  environment = {},
  terraform = { product: "Terraform", version: "1.11.4" },
  hasEngine = true,
  act = () => {},
}: SceneOptions = {}) {
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
    context: CONTEXT,
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
      act();
      return { ended: Promise.resolve(exitCodes[args.slice(0, 2).join(" ")] ?? 0), interrupt: () => {} };
    },
    loadProbes: () => ({
      terraform: async () => ({ command: "terraform", found: terraform, other: null }),
      docker: async () => {
        if (!hasEngine) throw new UsageError("no engine answers: it is off; start one");
        return { version: "28.0", os: "linux", architecture: "x86_64", vcpus: 2, memoryMiB: 4096 };
      },
    }),
  };
  return { happened, surroundings };
}

interface SceneOptions {
  /** By the first two arguments. */
  readonly exitCodes?: Readonly<Record<string, number>>;
  readonly answer?: string | null;
  readonly environment?: NodeJS.ProcessEnv;
  readonly terraform?: TerraformCommand["found"];
  /** @default true */
  readonly hasEngine?: boolean;
  /** What the cdktf CLI does. */
  readonly act?: () => void;
}

const executions =
  (happened: string[], ...names: string[]) =>
  async (): Promise<DeployedExecutions> => {
    const all = names.map((name) => ({ arn: `arn:${name}`, name }));
    return {
      isThere: async () => false,
      running: async () => all,
      stop: async (stopped) => {
        happened.push("stop");
        for (const execution of all) stopped(execution);
      },
    };
  };

const NOTHING = { stacks: [], flags: [] };
const APPROVED = { stacks: [], flags: ["--auto-approve"] };
const stacks = () => ["image", "workflow"];
const S3 = { WORKFLOW_BACKEND: "s3", WORKFLOW_STATE_BUCKET: "states" };

describe("deploy", () => {
  test("takes every stack, passes flags on and gives the CLI's exit code", async () => {
    const { happened, surroundings } = scene({ exitCodes: { "deploy *": 3 } });
    expect(await deploy(APPROVED, surroundings)).toBe(3);
    expect(happened).toEqual(["cdktf deploy * --auto-approve"]);
  });

  test("takes the stacks that are named, after a look at whether they are there", async () => {
    const { happened, surroundings } = scene({ answer: "" });
    await deploy({ stacks: ["image"], flags: ["--no-color"] }, surroundings, stacks);
    expect(happened).toEqual(["cdktf synth", "cdktf deploy image --skip-synth --no-color"]);
  });

  test("leaves patterns to the CLI", async () => {
    const { happened, surroundings } = scene({ answer: "" });
    await deploy({ stacks: ["im*"], flags: [] }, surroundings, stacks);
    expect(happened).toEqual(["cdktf deploy im*"]);
  });

  test("deploys nothing when the synth fails", async () => {
    const { happened, surroundings } = scene({ answer: "", exitCodes: { synth: 4 } });
    expect(await deploy({ stacks: ["image"], flags: [] }, surroundings, stacks)).toBe(4);
    expect(happened).toEqual(["cdktf synth"]);
  });

  test("interrupted, interrupts the CLI and waits for its end", async () => {
    const { happened, surroundings } = scene({ answer: "" });
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

describe.each(["deploy", "destroy"] as const)("%s", (command) => {
  const act = {
    deploy,
    destroy: (...args: Parameters<typeof deploy>) => destroy(args[0], args[1], noExecutions, args[2]),
  };
  const noExecutions = executions([]);

  test("refuses before anything starts where nobody is there to approve", async () => {
    const { happened, surroundings } = scene();
    await expect(act[command](NOTHING, surroundings)).rejects.toEqual(
      new UsageError(
        `${command} asks for approval, and there is no terminal to ask in; write \`npx workflow ${command} --auto-approve\``,
      ),
    );
    expect(happened).toEqual([]);
  });

  test("refuses a stack that is none, before any is touched", async () => {
    const { happened, surroundings } = scene();
    const request = { stacks: ["workflow", "wrkflow"], flags: ["--auto-approve"] };
    await expect(act[command](request, surroundings, stacks)).rejects.toEqual(
      new UsageError("`wrkflow` is no stack; the stacks are image, workflow"),
    );
    expect(happened).toEqual(["cdktf synth"]);
  });
});

describe.each(["deploy", "destroy", "diff"] as const)("Terraform, for %s,", (command) => {
  test.each<[string, TerraformCommand["found"], string]>([
    ["missing", null, "there is no command terraform; install Terraform 1.10.0 or OpenTofu 1.11.0, or newer"],
    [
      "too old",
      { product: "Terraform", version: "1.9.8" },
      "Terraform 1.9.8 is older than 1.10.0; install a newer one",
    ],
  ])("is refused where it is %s, before anything starts", async (_, terraform, message) => {
    const { happened, surroundings } = scene({ terraform });
    await expect({ deploy, destroy, diff }[command](APPROVED, surroundings)).rejects.toEqual(new UsageError(message));
    expect(happened).toEqual([]);
  });
});

test.each<["deploy" | "destroy", readonly string[], boolean]>([
  ["deploy", [], true],
  ["destroy", ["image"], true],
  ["destroy", ["im*"], true],
  ["deploy", ["workflow"], false],
])("%s of %j without a Docker engine is refused before anything happens: %s", async (command, stacks, isRefused) => {
  const { happened, surroundings } = scene({ hasEngine: false });
  const request = { ...APPROVED, stacks };
  const done =
    command === "deploy"
      ? deploy(request, surroundings, () => ["image", "workflow"])
      : destroy(request, surroundings, executions(happened));
  if (isRefused) await expect(done).rejects.toEqual(new UsageError("no engine answers: it is off; start one"));
  else expect(await done).toBe(0);
  expect(happened.length > 0).toBe(!isRefused);
});

describe("a state that moves from its files to another backend", () => {
  let projectFolder: string;
  const states = () => readdirSync(join(projectFolder, "state/echo/dev"));
  const remember = (type: string) => {
    const config = { path: "../../../state/echo/dev/image.tfstate" };
    const memory = join(projectFolder, "cdktf.out/stacks/image/.terraform/terraform.tfstate");
    writeFileSync(memory, JSON.stringify({ backend: { type, config } }));
  };
  const movedScene = (options: SceneOptions) => {
    const { happened, surroundings } = scene(options);
    return { happened, surroundings: { ...surroundings, projectFolder } };
  };

  beforeEach(() => {
    projectFolder = mkdtempSync(join(tmpdir(), "lifecycle-test-"));
    mkdirSync(join(projectFolder, "state/echo/dev"), { recursive: true });
    mkdirSync(join(projectFolder, "cdktf.out/stacks/image/.terraform"), { recursive: true });
    writeFileSync(join(projectFolder, "state/echo/dev/image.tfstate"), "{}");
    remember("local");
  });
  afterEach(() => rmSync(projectFolder, { recursive: true }));

  test("leaves files with another name, which is told", async () => {
    const { happened, surroundings } = movedScene({ environment: S3, act: () => remember("s3") });
    await deploy(APPROVED, surroundings);
    expect(states()).toEqual(["image.tfstate.migrated"]);
    expect(happened).toEqual([
      "cdktf deploy * --auto-approve",
      "stderr: the state was moved to the backend s3; what it was is kept in state/echo/dev/image.tfstate.migrated\n",
    ]);
  });

  test("leaves them as they are where it did not move", async () => {
    const { happened, surroundings } = movedScene({ environment: S3, exitCodes: { "deploy *": 1 } });
    expect(await deploy(APPROVED, surroundings)).toBe(1);
    expect(states()).toEqual(["image.tfstate"]);
    expect(happened).toEqual(["cdktf deploy * --auto-approve"]);
  });

  test("leaves those of another environment as they are", async () => {
    const environment = { ...S3, WORKFLOW_ENVIRONMENT: "other" };
    const { surroundings } = movedScene({ environment, act: () => remember("s3") });
    await deploy(APPROVED, surroundings);
    expect(states()).toEqual(["image.tfstate"]);
  });

  describe("afterwards", () => {
    beforeEach(() => {
      const state = join(projectFolder, "state/echo/dev/image.tfstate");
      renameSync(state, `${state}.migrated`);
    });

    test.each(["deploy", "destroy", "diff"] as const)(
      "is not begun anew by a %s that lacks the backend",
      async (command) => {
        const { happened, surroundings } = movedScene({});
        await expect({ deploy, destroy, diff }[command](APPROVED, surroundings)).rejects.toEqual(
          new UsageError(
            '`backend` must be the one that this state was moved to, as state/echo/dev/image.tfstate.migrated shows, got: "local"; set WORKFLOW_BACKEND, or remove that file to begin anew',
          ),
        );
        expect(happened).toEqual([]);
      },
    );

    test("may move back", async () => {
      const { happened, surroundings } = movedScene({});
      await deploy({ stacks: [], flags: ["--auto-approve", "--migrate-state"] }, surroundings);
      expect(happened).toEqual(["cdktf deploy * --auto-approve --migrate-state"]);
    });
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
    await deploy(APPROVED, surroundings);
    expect(happened).toEqual(["cdktf deploy * --auto-approve"]);
  });
});

describe("destroy", () => {
  test("goes straight on where nothing runs", async () => {
    const { happened, surroundings } = scene();
    expect(await destroy(APPROVED, surroundings, executions(happened))).toBe(0);
    expect(happened).toEqual(["cdktf destroy * --auto-approve"]);
  });

  describe("of a state that does not hold the deployment", () => {
    const deployedElsewhere = async () => ({ ...(await executions([])()), isThere: async () => true });

    test.each<[NodeJS.ProcessEnv, string]>([
      [{}, "`local` (state/echo/dev)"],
      [{ WORKFLOW_BACKEND: "s3", WORKFLOW_STATE_BUCKET: "states" }, "`s3` (states/echo/dev)"],
      [{ WORKFLOW_BACKEND: "cloud", WORKFLOW_CLOUD_ORGANIZATION: "team" }, "`cloud` (team/echo_dev_workflow)"],
    ])("tells what it was, %j, and ends with 1", async (environment, backend) => {
      const { happened, surroundings } = scene({ environment });
      expect(await destroy(APPROVED, surroundings, deployedElsewhere)).toBe(1);
      expect(happened).toEqual([
        "cdktf destroy * --auto-approve",
        `stderr: state machine \`echo_dev\` is still there: its state is not in backend ${backend}; give the backend that it was deployed with (WORKFLOW_BACKEND, WORKFLOW_STATE_BUCKET)\n`,
      ]);
    });

    test("says less where somebody was asked, who may have said no", async () => {
      const { happened, surroundings } = scene({ answer: "" });
      expect(await destroy(NOTHING, surroundings, deployedElsewhere)).toBe(1);
      expect(happened.at(-1)).toMatch(/is still there; if its destruction was approved, its state is not in backend/);
    });

    test("says nothing where the CLI has failed, or the state machine was to stay", async () => {
      const { happened, surroundings } = scene({ exitCodes: { "destroy *": 3 } });
      expect(await destroy(APPROVED, surroundings, deployedElsewhere)).toBe(3);
      expect(await destroy({ ...APPROVED, stacks: ["image"] }, surroundings, deployedElsewhere, stacks)).toBe(0);
      expect(happened.filter((line) => line.startsWith("stderr"))).toEqual([]);
    });
  });

  test("leaves executions alone where the state machine stays", async () => {
    const { happened, surroundings } = scene({ answer: "" });
    await destroy({ stacks: ["image"], flags: [] }, surroundings, executions(happened, "a"), stacks);
    expect(happened).toEqual(["cdktf synth", "cdktf destroy image --skip-synth"]);
  });

  test.each(["*", "work*", "workflow"])("takes executions for hold-ups where %s is destroyed", async (stack) => {
    const { happened, surroundings } = scene({ environment: S3 });
    const flags = ["--skip-synth", "--auto-approve"];
    await destroy({ stacks: [stack], flags }, surroundings, executions(happened, "a"), stacks);
    expect(happened).toEqual([
      "stop",
      "stderr: stopped the execution a\n",
      `cdktf destroy ${stack} --skip-synth --auto-approve`,
    ]);
  });

  test("stops nothing for a document that cannot be synthesized", async () => {
    const { happened, surroundings } = scene({ environment: { WORKFLOW_DOCUMENT: "nowhere.asl.json" } });
    await expect(destroy(APPROVED, surroundings, executions(happened, "a"))).rejects.toThrow("nowhere.asl.json");
    expect(happened).toEqual([]);
  });

  test("with --auto-approve stops what runs first, without a question", async () => {
    const { happened, surroundings } = scene({ answer: "n", environment: S3 });
    await destroy({ stacks: [], flags: ["--auto-approve"] }, surroundings, executions(happened, "a", "b"));
    expect(happened).toEqual([
      "stop",
      "stderr: stopped the execution a\n",
      "stderr: stopped the execution b\n",
      "cdktf destroy * --auto-approve",
    ]);
  });

  test("stops nothing where the state in its file holds nothing: it is that of another backend", async () => {
    const { happened, surroundings } = scene();
    const projectFolder = mkdtempSync(join(tmpdir(), "lifecycle-test-"));
    const act = () => destroy(APPROVED, { ...surroundings, projectFolder }, executions(happened, "a"));
    try {
      expect(await act()).toBe(1);
      mkdirSync(join(projectFolder, "state/echo/dev"), { recursive: true });
      const state = join(projectFolder, "state/echo/dev/workflow.tfstate");
      writeFileSync(state, JSON.stringify({ resources: [] }));
      expect(await act()).toBe(1);
      const refused =
        "stderr: nothing was stopped or destroyed: state machine `echo_dev` is still there: its state is not in backend `local` " +
        "(state/echo/dev); give the backend that it was deployed with (WORKFLOW_BACKEND, WORKFLOW_STATE_BUCKET)\n";
      expect(happened.splice(0)).toEqual([refused, refused]);

      writeFileSync(state, JSON.stringify({ resources: [{}] }));
      expect(await act()).toBe(0);
      expect(happened).toEqual(["stop", "stderr: stopped the execution a\n", "cdktf destroy * --auto-approve"]);
    } finally {
      rmSync(projectFolder, { recursive: true });
    }
  });

  test.each(["y", "Yes "])("stops what runs when told %p", async (answer) => {
    const { happened, surroundings } = scene({ answer, environment: S3 });
    expect(await destroy(NOTHING, surroundings, executions(happened, "a"))).toBe(0);
    expect(happened).toEqual([
      "asked: 1 execution is running (a); stop them, before Terraform asks? [y/N] ",
      "stop",
      "stderr: stopped the execution a\n",
      "cdktf destroy *",
    ]);
  });

  test.each(["", "n", "yesterday"])("leaves all as it is when told %p", async (answer) => {
    const { happened, surroundings } = scene({ answer, environment: S3 });
    expect(await destroy(NOTHING, surroundings, executions(happened, "a", "b", "c", "d", "e", "f"))).toBe(1);
    expect(happened).toEqual([
      "asked: 6 executions are running (a, b, c, d, e, …); stop them, before Terraform asks? [y/N] ",
      "stderr: nothing was stopped or destroyed\n",
    ]);
  });
});

describe("diff", () => {
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

test("synth runs the CLI's synth, and nothing else", async () => {
  const { happened, surroundings } = scene();
  expect(await synth(surroundings)).toBe(0);
  expect(happened).toEqual(["cdktf synth"]);
});
