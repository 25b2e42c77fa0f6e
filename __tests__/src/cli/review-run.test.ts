import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { examplePlans } from "../../../scripts/review-examples";
import { UsageError } from "../../../src/base/errors";
import { REVIEW } from "../../../src/cli/flags";
import { run } from "../../../src/cli/program";
import { review, type Tools } from "../../../src/cli/review-run";
import { valuesOf } from "../../terminal";
import { execution, type SceneOptions, scene } from "./scene";

/** Terraform, as the plans of an example have it. */
function toolsOf(example: string, more: Partial<Tools> = {}): Tools {
  const plans = new Map(examplePlans(example).map(({ stack, json }) => [stack, json]));
  return {
    removeLeftovers: () => {},
    synthesizeStacks: async () => {},
    stackNames: () => ["image", "workflow"],
    planStack: async (stack) => plans.get(stack),
    changedFiles: async () => [" image/echo.sh | 1 +"],
    ...more,
  };
}

const NO_CHANGES = { format_version: "1.2" };

/** The plan of a stack; where the example has none, one in which nothing changes. */
function planOrNone(example: string, stack: string): unknown {
  return examplePlans(example).find((one) => one.stack === stack)?.json ?? NO_CHANGES;
}

async function reviewed(tools: Tools, options: Partial<Parameters<typeof review>[0]> = {}, scenery: SceneOptions = {}) {
  const { session, output } = scene(scenery);
  const code = await review(valuesOf(REVIEW, options), session, tools);
  return { code, ...output };
}

test.each([
  ["unchanged", 0],
  ["both", 2],
  ["first", 2],
])("the exit code is Terraform's: %s gives %i", async (example, code) => {
  expect((await reviewed(toolsOf(example))).code).toBe(code);
});

test("a stack for data is reviewed with the others, in the order of a deployment", async () => {
  const stackNames = () => ["data", "image", "workflow"];
  const { code, stdout, stderr } = await reviewed(toolsOf("job", { stackNames }));
  expect(code).toBe(2);
  expect(stderr).toBe("planning data\nplanning image\nplanning workflow\n");
  expect(stdout.split("\n")[0]).toBe(
    "`echo` in `dev` (`eu-west-1`): **data** 7 to add; **image** no changes; **workflow** 1 to add, 4 to change",
  );
});

test.each([
  ["unchanged", 0],
  ["document", 0],
  ["first", 0],
  ["outside", 2],
  ["outside-changed", 2],
])("with --drift only what was changed outside Terraform counts: %s gives %i", async (example, code) => {
  const found = await reviewed(toolsOf(example, { planStack: async (stack) => planOrNone(example, stack) }), {
    drift: true,
  });
  expect(found.code).toBe(code);
  expect(found.stdout.split("\n")[0]).toBe(
    code === 0
      ? "Nothing of `echo` in `dev` (`eu-west-1`) was changed outside Terraform."
      : "Of `echo` in `dev` (`eu-west-1`), these resources are not as Terraform left them. To restore them, deploy. To keep them, change the configuration.",
  );
  expect(found.stdout.trimEnd().split("\n").at(-1)).toBe("<!-- workflow-drift echo dev -->");
});

test("with --drift, rights that were added by hand are shown as more rights", async () => {
  const planStack = async (stack: string) => planOrNone("outside-changed", stack);
  const { stdout } = await reviewed(toolsOf("outside-changed", { planStack }), { drift: true });
  expect(stdout).toContain("# MORE rights: echo_review_states: ByHand: new\n+ may s3:*\n");
});

test("with --drift, a stack that cannot be planned does not count as unchanged", async () => {
  const planStack = async () => {
    throw new Error("no credentials");
  };
  const { code, stdout } = await reviewed(toolsOf("both", { planStack }), { drift: true });
  expect([code, stdout.split("\n")[0]]).toEqual([1, "`echo` in `dev` (`eu-west-1`) could not be checked completely."]);
  expect(stdout).toContain("no credentials");
});

test.each<[string, unknown, string]>([
  ["of another format", { format_version: "2.0" }, 'a plan of format 1 was expected, got: "2.0"'],
  [
    "with a field of another type",
    { format_version: "1.2", resource_changes: [{ address: 1 }] },
    "a plan was expected, got resource_changes[0].address: Invalid input: expected string, received number",
  ],
])("a saved plan %s is refused with its file", async (_, json, message) => {
  const planStack = async () => json;
  const { code, stdout } = await reviewed(toolsOf("both", { planStack }), { plan: "plans" });
  expect(code).toBe(1);
  expect(stdout).toContain(`plans/workflow.tfplan cannot be read: ${message}`);
});

test("a stack that fails is told, the others are still there, and the exit code is 1", async () => {
  const { code, stdout } = await reviewed(
    toolsOf("both", {
      planStack: async (stack) => {
        if (stack === "workflow") throw new Error("no credentials");
        return examplePlans("both")[0]!.json;
      },
    }),
  );
  expect(code).toBe(1);
  expect(stdout.split("\n")[0]).toBe(
    "`echo` in `dev` (`eu-west-1`): **image** 2 to replace; **workflow** could not be planned",
  );
  expect(stdout).toContain("```text\nno credentials\n```");
});

test("an app that cannot be synthesized is told, and the exit code is 1", async () => {
  const synthesizeStacks = async () => {
    throw new Error("it cannot");
  };
  const { code, stdout } = await reviewed(toolsOf("both", { synthesizeStacks }));
  expect([code, stdout.split("\n")[0]]).toEqual([
    1,
    "`echo` in `dev` (`eu-west-1`): **`all stacks`** could not be planned",
  ]);
  expect(stdout).toContain("it cannot");
});

test("a document with errors is told once, and nothing is synthesized", async () => {
  const synthesizeStacks = async () => {
    throw new Error("synthesized");
  };
  const document = "__tests__/src/asl/check/definitions/invalid-missing-field.asl.json";
  const scenery = { session: { environment: { WORKFLOW_DOCUMENT: document } } };
  const { code, stdout } = await reviewed(toolsOf("both", { synthesizeStacks }), {}, scenery);
  expect(code).toBe(1);
  expect(stdout).toContain("```text\nthe workflow has errors: see Check\n```");
  expect(stdout.match(/^\S+: error: /gm)).toHaveLength(1);
});

test("what the environment keeps secret is not in a failure", async () => {
  const planStack = async () => {
    throw new Error(`login as AWS:${"A1".repeat(80)} with very-secret-key failed`);
  };
  const environment = { AWS_SECRET_ACCESS_KEY: "very-secret-key" };
  const { stdout } = await reviewed(toolsOf("both", { planStack }), {}, { session: { environment } });
  expect(stdout).toContain("login as AWS:(sensitive value) with (sensitive value) failed");
});

test("only the named stacks are planned", async () => {
  const { stdout, stderr } = await reviewed(toolsOf("both"), { stack: ["workflow"] });
  expect(stdout.split("\n")[0]).toBe("`echo` in `dev` (`eu-west-1`): **workflow** 3 to change");
  expect(stderr).toBe("planning workflow\n");
});

test("saved plans are read as they are: nothing is synthesized", async () => {
  const asked: unknown[] = [];
  const { stderr } = await reviewed(
    toolsOf("unchanged", {
      synthesizeStacks: async () => {
        throw new Error("synthesized");
      },
      planStack: async (stack, { plans, refresh }) => {
        asked.push([stack, plans, refresh]);
        return examplePlans("unchanged").find((one) => one.stack === stack)!.json;
      },
    }),
    { plan: "plans", refresh: true },
  );
  expect(asked).toEqual([
    ["image", "plans", true],
    ["workflow", "plans", true],
  ]);
  expect(stderr).toBe("reading the plan of image\nreading the plan of workflow\n");
});

describe("the running executions", () => {
  test("are counted where the state machine changes", async () => {
    const executions = [execution("a", "RUNNING"), execution("b"), execution("c", "RUNNING")];
    const { stdout } = await reviewed(toolsOf("document", { stackNames: () => ["workflow"] }), {}, { executions });
    expect(stdout).toContain("> - **Running**: 2 executions of the state machine that is changed\n");
  });

  test("are not known where AWS does not say", async () => {
    const listExecutions = async () => {
      throw new UsageError("not allowed");
    };
    const { code, stdout } = await reviewed(
      toolsOf("document", { stackNames: () => ["workflow"] }),
      {},
      { aws: { listExecutions } },
    );
    expect(code).toBe(2);
    expect(stdout).toContain("> - **Running**: unknown for the state machine that is changed: AWS did not answer\n");
  });

  test("are counted for each state machine that changes or goes, and not for one that is new", async () => {
    const machine = (name: string, actions: string[], before: object | null) => ({
      ...{ address: `aws_sfn_state_machine.${name}`, mode: "managed", type: "aws_sfn_state_machine" },
      change: { actions, before, after: {}, after_unknown: {}, before_sensitive: {}, after_sensitive: {} },
    });
    const plan = {
      format_version: "1.2",
      resource_changes: [
        machine("one", ["update"], { arn: "arn:one" }),
        machine("two", ["delete"], { arn: "arn:two" }),
        machine("new", ["create"], null),
      ],
    };
    const asked: string[] = [];
    const listExecutions = async (_: unknown, arn: string) => {
      asked.push(arn);
      return [execution("a", "RUNNING")];
    };
    const tools = toolsOf("document", { stackNames: () => ["workflow"], planStack: async () => plan });
    const { stdout } = await reviewed(tools, {}, { aws: { listExecutions } });
    expect(asked).toEqual(["arn:one", "arn:two"]);
    expect(stdout).toContain(
      "> - **Running**: 1 execution of `aws_sfn_state_machine.one`, which is changed; 1 execution of `aws_sfn_state_machine.two`, which is destroyed\n",
    );
  });
});

describe("the checkout", () => {
  /** Returns the steps of a review that holds the lock. */
  async function happened(options: Partial<Parameters<typeof review>[0]>) {
    const steps: string[] = [];
    const exclusively = async <T>(act: () => Promise<T>): Promise<T> => {
      steps.push("locked");
      try {
        return await act();
      } finally {
        steps.push("free");
      }
    };
    const tools = toolsOf("unchanged");
    await reviewed(
      {
        ...tools,
        removeLeftovers: () => void steps.push("clean"),
        synthesizeStacks: async () => void steps.push("synthesize"),
        planStack: async (stack, planning) => {
          steps.push(`plan ${stack}`);
          return tools.planStack(stack, planning);
        },
      },
      options,
      { session: { exclusively } },
    );
    return steps;
  }

  test("is locked while the stacks are synthesized and planned; the files of a killed review are removed", async () => {
    expect(await happened({})).toEqual(["locked", "clean", "synthesize", "plan image", "plan workflow", "free"]);
    expect(await happened({ plan: "plans" })).toEqual(["locked", "clean", "plan image", "plan workflow", "free"]);
  });

  test("that another process has is an error", async () => {
    const exclusively = () => Promise.reject(new UsageError("another deploy is running"));
    await expect(reviewed(toolsOf("unchanged"), {}, { session: { exclusively } })).rejects.toThrow(
      "another deploy is running",
    );
  });
});

describe("the image's files", () => {
  test("are compared with the base", async () => {
    const { stdout } = await reviewed(toolsOf("image"), { base: "main" });
    expect(stdout).toContain(
      "An image is new or changed; its files against `main`:\n\n```text\n image/echo.sh | 1 +\n```",
    );
  });

  test("a change that is on the base branch already, or not known to git, is told as one without files", async () => {
    const { stdout } = await reviewed(toolsOf("image", { changedFiles: async () => [] }), { base: "main" });
    expect(stdout).toContain(
      "An image is new or changed, but no file that git knows differs from `main`.\n\n</details>",
    );
  });

  test("are left out, with a word, where git knows no base", async () => {
    const { stdout } = await reviewed(toolsOf("image", { changedFiles: async () => null }));
    expect(stdout).toContain("There is no base branch to compare its files with.");
  });

  test("of a base that was asked for and is not there are an error", async () => {
    await expect(reviewed(toolsOf("image", { changedFiles: async () => null }), { base: "nope" })).rejects.toEqual(
      new UsageError("`--base` must be a commit or branch that git knows here, got: nope"),
    );
  });
});

test("--output writes a file, and nothing to standard output", async () => {
  const folder = mkdtempSync(join(tmpdir(), "review-"));
  try {
    const { stdout } = await reviewed(toolsOf("unchanged"), { output: join(folder, "comment.md") });
    expect(stdout).toBe("");
    expect(readFileSync(join(folder, "comment.md"), "utf8")).toBe(
      "`echo` in `dev` (`eu-west-1`): **image** no changes; **workflow** no changes\n\n<!-- workflow-review echo dev -->\n",
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  [{ stack: ["nope"] }, "there is no stack `nope`; the stacks are image, workflow"],
  [{ output: "/nowhere/comment.md" }, "`--output` cannot be written to /nowhere/comment.md: there is no such file"],
])("%j is refused", async (options, message) => {
  await expect(reviewed(toolsOf("unchanged"), options)).rejects.toThrow(message);
});

test("an interrupt ends it with 1, and nothing is written", async () => {
  const { code, stdout, stderr } = await reviewed(
    toolsOf("unchanged", {
      planStack: async (_, { signal }) => {
        signal.throwIfAborted();
        throw new Error("not interrupted");
      },
    }),
    {},
    {
      session: {
        onInterrupt: (interrupted) => {
          interrupted();
          return () => {};
        },
      },
    },
  );
  expect([code, stdout, stderr]).toEqual([1, "", "planning image\ninterrupted: nothing was written\n"]);
});

test.each([[["review", "--bogus"]], [["review", "extra"]]])("wrong usage gives 1: %j", async (argv) => {
  expect(await run(argv, scene().session)).toBe(1);
});

test("wrong settings give 1", async () => {
  expect(await run(["review"], scene({ session: { environment: { WORKFLOW_NAME: "X" } } }).session)).toBe(1);
});

test("in CI a state that is kept in files is refused: the machine has none, and all would seem to be new", async () => {
  const { session, output } = scene({ session: { environment: { CI: "true" } } });
  expect(await run(["review"], session)).toBe(1);
  expect(output.stderr).toBe(
    '`backend` must be s3 or cloud for a review in CI, where the state would be lost with the machine, got: "local"; set WORKFLOW_BACKEND\n',
  );
});
