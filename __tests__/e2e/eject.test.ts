import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { toHcl } from "../../src/terraform/hcl";
import {
  CONFIGURATIONS,
  type Configuration,
  configure,
  DEFAULT,
  findSurroundings,
  type Surroundings,
} from "./configurations";
import { Project, STACKS } from "./project";
import { PLANNING, testWith } from "./requirements";

const projects: Project[] = [];

afterAll(async () => {
  for (const project of projects) await project.dispose();
});

describe.each(CONFIGURATIONS)("$title, ejected", (configuration) => {
  let project: Project | undefined;

  async function ejected(): Promise<Project> {
    if (project !== undefined) return project;
    project = newProject(configuration, await findSurroundings("a-bucket"));
    await project.synth();
    eject(project);
    return project;
  }

  for (const stack of STACKS) {
    testWith(...PLANNING[stack])(`the ${stack} stack is formatted, valid, and plans what the JSON does`, async () => {
      const project = await ejected();
      terraform(project, `terraform/stacks/${stack}`, "fmt", "-check");
      terraform(project, `terraform/stacks/${stack}`, "init", "-backend=false", "-input=false");
      terraform(project, `terraform/stacks/${stack}`, "validate");

      const json = freshPlan(project, `cdktf.out/stacks/${stack}`);
      const hcl = freshPlan(project, `terraform/stacks/${stack}`);

      expect(hcl.resource_changes.length).toBeGreaterThan(0);
      expect(hcl).toEqual(json);
    });
  }
});

testWith(
  "terraform",
  "deployments",
  "docker",
)("a deployment goes on from where it is ejected to, with its state", async () => {
  const project = newProject(DEFAULT, await findSurroundings("a-bucket"));
  await project.deploy();
  eject(project);
  for (const stack of STACKS) {
    const folder = `terraform/stacks/${stack}`;
    terraform(project, folder, "init", "-input=false");
    expect(terraform(project, folder, "plan", "-input=false", "-detailed-exitcode")).toContain("No changes.");
  }
});

testWith("terraform")("text of every kind is the same to Terraform in HCL as in JSON", async () => {
  const project = new Project();
  projects.push(project);
  const values = [
    'a"b\\c \\',
    "x\r\n\ty\u0001é😀",
    '{"a":"${1+1}","b":"$","c":"$.x\\n","d":"{\\"e\\":1}"}',
    "\\${1+1} $${1+1} $$${1+1} %%{ $ % $$ %%",
    '$${"a"} $$${"a"} %%%{"b"}',
    '${join("-", ["a", "}${upper("x")}", "$${"])}',
    "${[\n1,\n2]}",
    " ${~ 1 ~} ${1}",
    '%{ if true }"%{ else }\\%{ endif }',
    '${jsonencode({a="\\"", b={c="}"}})}"',
    ["null", "true", "007", "[1]", "{a}", "", "#x", "<<EOF\nx\nEOF"],
    { "a b": 1, for: 0.1, null: null, "${1+1}": [[], {}, [{ a: { b: [true] } }]] },
  ];
  const configuration = { output: Object.fromEntries(values.map((value, at) => [`o${at}`, { value }])) };
  const plans = [
    ["json/main.tf.json", JSON.stringify(configuration)] as const,
    ["hcl/main.tf", toHcl(configuration, 'output "o11" {\nvalue = {\n}\n}')] as const,
  ].map(([path, text]) => {
    mkdirSync(join(project.folder, dirname(path)));
    project.write(path, text);
    return freshPlan(project, dirname(path));
  });
  expect(plans[1]).toEqual(plans[0]);
  expect(Object.keys(plans[1]!.output_changes as object)).toHaveLength(values.length);
});

function newProject(configuration: Configuration, surroundings: Surroundings): Project {
  const project = new Project();
  projects.push(project);
  configure(project, configuration, surroundings);
  return project;
}

function eject(project: Project): void {
  run(project, ".", process.execPath, ["bin/workflow.js", "eject"]);
}

interface Plan {
  readonly planned_values: unknown;
  readonly resource_changes: readonly unknown[];
  readonly output_changes: unknown;
}

/** Returns the plan of Terraform for an empty account. */
function freshPlan(project: Project, folder: string): Plan {
  const override = { terraform: { backend: { local: {} } } };
  project.write(join(folder, "override.tf.json"), JSON.stringify(override));
  terraform(project, folder, "init", "-reconfigure", "-input=false");
  terraform(project, folder, "plan", "-input=false", "-out=plan");
  const { planned_values, resource_changes, output_changes } = JSON.parse(
    terraform(project, folder, "show", "-json", "plan"),
  );
  return { planned_values, resource_changes, output_changes };
}

function terraform(project: Project, folder: string, ...args: string[]): string {
  return run(project, folder, "terraform", args);
}

function run(project: Project, folder: string, command: string, args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: join(project.folder, folder),
    env: { ...project.variables, TF_CLI_ARGS: "-no-color" },
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  if (status !== 0)
    throw new Error(`${command} ${args.join(" ")} in ${folder} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}
