/** Runs the scripts of deploy.yml on two machines: one plans, the other applies the same plan. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { PROJECT_FOLDER } from "../../src/project/project-folder";
import { inventory } from "./account";
import { REGION } from "./environment";
import { Project, STACKS } from "./project";
import { testWith } from "./requirements";
import { TestBucket } from "./test-bucket";

interface Job {
  readonly steps: readonly {
    readonly name?: string;
    readonly uses?: string;
    readonly run?: string;
    readonly with?: Readonly<Record<string, unknown>>;
  }[];
}

const { jobs } = parse(readFileSync(join(PROJECT_FOLDER, ".github", "workflows", "deploy.yml"), "utf8")) as {
  jobs: Readonly<Record<string, Job>>;
};
const bucket = new TestBucket();
const machines: Project[] = [];

/** The artifact of the job `plan`: paths in the folder of a machine. `*` stands for a stack. */
const ARTIFACT = jobs.plan!.steps.find(({ uses }) => uses?.startsWith("actions/upload-artifact@"))!.with!;

afterAll(async () => {
  for (const machine of machines) await machine.dispose();
  await bucket.dispose();
});

/** A machine with a fresh checkout. All machines have the same environment. */
async function newMachine(): Promise<Project> {
  const machine = new Project();
  const { environment } = machines[0] ?? machine;
  machine.set({ environment, backend: "s3", stateBucket: await bucket.create(), stateRegion: "us-east-1" });
  machines.push(machine);
  run(machine, "git init -q && git add -A && git -c user.name=e2e -c user.email=e2e@localhost commit -qm checkout");
  return machine;
}

/** Runs the script of a step as GitHub does. */
function step(machine: Project, job: string, name: string): string {
  return run(machine, jobs[job]!.steps.find((one) => one.name === name)!.run!);
}

/** @throws Error if the script fails */
function run({ folder, variables }: Project, script: string): string {
  const runner = { CI: "true", GITHUB_OUTPUT: join(folder, "output"), GITHUB_STEP_SUMMARY: join(folder, "summary.md") };
  const env = { ...variables, ...runner, TF_CLI_ARGS: "-no-color" };
  const options = { cwd: folder, env, encoding: "utf8" as const };
  const { status, stdout, stderr } = spawnSync("bash", ["-eo", "pipefail", "-c", script], options);
  if (status !== 0) throw new Error(`ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

function plan(machine: Project): string {
  step(machine, "plan", "Plan");
  step(machine, "plan", "Review");
  return machine.read("output");
}

function handOver(from: Project, to: Project): void {
  const paths = STACKS.flatMap((stack) => (ARTIFACT.path as string).trim().replaceAll("*", stack).split("\n"));
  expect(ARTIFACT["include-hidden-files"] === true || !paths.some((path) => path.includes("/."))).toBe(true);
  for (const path of paths) {
    mkdirSync(dirname(join(to.folder, path)), { recursive: true });
    copyFileSync(join(from.folder, path), join(to.folder, path));
  }
}

const pipelineTest = testWith("terraform", "deployments", "docker");

pipelineTest("what one machine plans, another applies, and a third finds nothing to do", async () => {
  const planner = await newMachine();
  expect(plan(planner)).toBe("code=2\n");
  expect(planner.read("summary.md")).toContain("aws_sfn_state_machine");

  step(planner, "plan", "Refuse to keep a secret");
  const applier = await newMachine();
  handOver(planner, applier);
  expect(
    step(applier, "apply", "Apply").match(/Apply complete! Resources: \d+ added, 0 changed, 0 destroyed/g),
  ).toHaveLength(2);
  expect(await inventory(planner.environment, REGION)).toMatchObject({
    stateMachines: [expect.any(String)],
    images: [expect.any(String)],
  });

  expect(plan(await newMachine())).toBe("code=0\n");
});

pipelineTest("a plan with a sensitive value is not kept", async () => {
  const planner = await newMachine();
  plan(planner);
  step(planner, "plan", "Refuse to keep a secret");
  planner.write(
    "cdktf.out/stacks/workflow/secret.tf.json",
    JSON.stringify({ output: { secret: { value: "hunter2", sensitive: true } } }),
  );
  await planner.terraform("workflow", [
    "plan",
    "-input=false",
    `-out=${join(planner.folder, "plans/workflow.tfplan")}`,
  ]);
  expect(() => step(planner, "plan", "Refuse to keep a secret")).toThrow(
    "::error::The plan of workflow contains a sensitive value.",
  );
});

pipelineTest("a plan whose state has changed since is refused", async () => {
  const [planner, applier] = machines as [Project, Project];
  expect(() => step(applier, "apply", "Apply")).toThrow("Saved plan is stale");
  expect(planner.read("summary.md")).not.toBe("");
});

pipelineTest(
  "a changed image is planned as such, with its files, and pushed from the machine that applies",
  async () => {
    const planner = await newMachine();
    planner.edit("image/echo.sh", "#!/bin/sh", "#!/bin/sh\n# changed");
    expect(plan(planner)).toBe("code=2\n");
    expect(planner.read("summary.md")).toMatch(/^ image\/echo\.sh \|/m);
    expect(planner.read("summary.md")).toMatch(/^- docker_registry_image\.echo-push \(replace/m);

    const applier = await newMachine();
    applier.edit("image/echo.sh", "#!/bin/sh", "#!/bin/sh\n# changed");
    applier.forgetImages();
    handOver(planner, applier);
    step(applier, "apply", "Apply");
    expect((await inventory(machines[0]!.environment, REGION)).images).toHaveLength(2);
  },
);

pipelineTest("npm run destroy removes it all", async () => {
  const machine = await newMachine();
  await machine.destroy();
  expect(await inventory(machines[0]!.environment, REGION)).toEqual({});
});
