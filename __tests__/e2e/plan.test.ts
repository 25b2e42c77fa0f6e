import { describeSettings } from "../../src/project/load-settings";
import { CONFIGURATIONS, type Configuration, configure, DEFAULT, findSurroundings, IMAGINED } from "./configurations";
import { Project, STACKS } from "./project";
import { isThere, PLANNING, testWith } from "./requirements";
import { TestBucket } from "./test-bucket";

const projects: Project[] = [];
const bucket = new TestBucket();
const canPlan = isThere("aws");

function newProject(configuration: Configuration, surroundings = IMAGINED): Project {
  const project = new Project();
  projects.push(project);
  configure(project, configuration, surroundings);
  return project;
}

afterAll(async () => {
  for (const project of projects) await project.dispose();
  await bucket.dispose();
});

test("the configurations together set every setting to something else than its default", () => {
  const settings = (project: Project, variables = project.variables) =>
    describeSettings(variables, JSON.parse(project.read("cdktf.json")).context);
  const defaults = new Map(settings(newProject(DEFAULT), {}).map(({ name, value }) => [name, JSON.stringify(value)]));
  const set = CONFIGURATIONS.flatMap((configuration) =>
    settings(newProject(configuration)).filter(({ name, value }) => JSON.stringify(value) !== defaults.get(name)),
  ).map(({ name }) => name);

  expect([...new Set(set)].sort()).toEqual([...defaults.keys()].sort());
});

describe.each(CONFIGURATIONS)("$title", (configuration) => {
  let project: Project;

  testWith("terraform")("can be synthesized, initialized and validated", async () => {
    project = newProject(configuration, canPlan ? await findSurroundings(await bucket.create()) : IMAGINED);
    await project.synth();

    for (const stack of STACKS) {
      await project.terraform(stack, ["init", "-backend=false", "-input=false"]);
      expect(await project.terraform(stack, ["validate"])).toContain("The configuration is valid.");
    }
  });

  for (const stack of STACKS) {
    testWith(...PLANNING[stack])(`the ${stack} stack can be planned`, async () => {
      if (configuration.remoteState) keepStateHere(project, stack);
      await project.terraform(stack, ["init", "-input=false"]);
      expect(await project.plan(stack)).toMatch(/^Plan: \d+ to add, 0 to change, 0 to destroy\.$/m);
    });
  }
});

describe("the workflow stack", () => {
  testWith("terraform", "aws")("can be planned with no Docker engine, no image and nothing deployed", async () => {
    const project = newProject(DEFAULT);
    await project.synth();
    await project.terraform("workflow", ["init", "-input=false"]);

    const plan = await project.plan("workflow", { DOCKER_HOST: "tcp://127.0.0.1:1" });

    expect(plan).toMatch(/^Plan: \d+ to add, 0 to change, 0 to destroy\.$/m);
  });
});

testWith("terraform")("both stacks are the same, byte for byte, from every checkout and every time", async () => {
  const [here, there] = [newProject(DEFAULT), newProject(DEFAULT)];
  there.set({ environment: here.environment });

  await here.synth();
  await there.synth();

  const first = STACKS.map((stack) => here.json(stack));
  expect(STACKS.map((stack) => there.json(stack))).toEqual(first);
  await here.synth();
  expect(STACKS.map((stack) => here.json(stack))).toEqual(first);
});

/** Moves the state of a stack into the folder of the stack. */
function keepStateHere(project: Project, stack: (typeof STACKS)[number]): void {
  const override = { terraform: { backend: { local: {} } } };
  project.write(`cdktf.out/stacks/${stack}/override.tf.json`, JSON.stringify(override));
}
