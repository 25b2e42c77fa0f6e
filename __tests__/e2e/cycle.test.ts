import { inventory } from "./account";
import { CONFIGURATIONS, configure, findSurroundings } from "./configurations";
import { Emulator } from "./emulator";
import { execute, placeOf } from "./executions";
import { Project, STACKS } from "./project";
import { testWith } from "./requirements";
import { asOneLine, piecesOf, readAll, whereFound } from "./secrets";
import { TestBucket } from "./test-bucket";

const step = testWith("terraform", "deployments", "docker");

/** The command that the document gives to the job of `step1`. */
const ORIGINAL_COMMAND = `"{% $states.input.parameters.step1_parameter %}"`;
const CHANGED_COMMAND = `${ORIGINAL_COMMAND}, "documented"`;

/** The output of each job of an execution, by number of jobs. The image of the second job does not change. */
const FIRST_LINES = {
  one: [["step1"], ["step2a"], ["step2b"], ["step3a"], ["step3b"]],
  two: [["shout step3a"], ["shout step3b"], ["step1"], ["step2a"], ["step2b"]],
};
const CHANGED_LINES = {
  one: [
    ["changed step1", "changed documented"],
    ...["step2a", "step2b", "step3a", "step3b"].map((it) => [`changed ${it}`]),
  ],
  two: [
    ["changed step1", "changed documented"],
    ["changed step2a"],
    ["changed step2b"],
    ["shout step3a"],
    ["shout step3b"],
  ],
};

test("a password is found as it is, encoded, and broken into lines", () => {
  const password = "eyJwYXlsb2FkIjoicGFzc3dvcmQifQ-and-some-more-of-it-to-make-it-long";
  const encoded = Buffer.from(`AWS:${password}`).toString("base64");
  const lines = `${password.slice(0, 30)}\n  ${password.slice(30)}`;
  const texts = new Map(Object.entries({ encoded, lines: asOneLine(lines), none: "AWS:eyJwYXlsb2FkIjoi" }));

  expect(whereFound(piecesOf(password), texts)).toEqual(["encoded", "lines"]);
});

describe.each(CONFIGURATIONS.filter(({ deployed }) => deployed))("$title", (configuration) => {
  let project: Project;
  let emulator: Emulator;
  const bucket = new TestBucket();
  const jobs = configuration.twoJobs ? "two" : "one";
  const found = () => inventory(project.environment, project.settings().region);

  beforeAll(async () => {
    emulator = await Emulator.start();
    project = new Project();
    project.variables.AWS_ENDPOINT_URL = emulator.url;
    configure(project, configuration, await findSurroundings(await bucket.create()));
  });

  afterAll(async () => {
    await project.dispose();
    await bucket.dispose();
    await emulator.stop();
  });

  step("is deployed, leaves nothing to change, and runs", async () => {
    await project.deploy();

    expect(await project.replan()).toBe("");
    expect(await run(project)).toEqual({ status: "SUCCEEDED", printed: FIRST_LINES[jobs] });
  });

  step("takes another image and another document", async () => {
    project.edit("image/echo.sh", "printf '%s\\n'", "printf 'changed %s\\n'");
    project.edit(project.settings().document, ORIGINAL_COMMAND, CHANGED_COMMAND);
    await project.synth();
    for (const stack of STACKS) {
      await project.terraform(stack, ["plan", "-input=false", `-out=../../../${stack}.tfplan`]);
    }

    await project.deploy();

    expect(await project.replan()).toBe("");
    expect(await run(project)).toEqual({ status: "SUCCEEDED", printed: CHANGED_LINES[jobs] });
  });

  step("goes back to the first image and the first document", async () => {
    project.edit("image/echo.sh", "printf 'changed %s\\n'", "printf '%s\\n'");
    project.edit(project.settings().document, CHANGED_COMMAND, ORIGINAL_COMMAND);

    await project.deploy();

    expect(await run(project)).toEqual({ status: "SUCCEEDED", printed: FIRST_LINES[jobs] });
    expect(await project.replan()).toBe("");
  });

  step("changes nothing when nothing was changed, on an engine that has never seen the image too", async () => {
    const before = await found();
    expect(Object.keys(before)).toEqual(expect.arrayContaining(["stateMachines", "activeJobDefinitions", "images"]));

    await project.deployWithCdktf();
    expect(await found()).toEqual(before);

    project.forgetImages();
    await project.deploy();
    expect(await found()).toEqual(before);
    expect(await project.replan()).toBe("");
  });

  step("keeps the registry's passwords out of states, plans, outputs and logs", async () => {
    const texts = new Map([
      ...readAll(project.folder),
      ...[...(await bucket.objects())].map(([key, state]) => [`state/${key}`, asOneLine(state)] as const),
      ["log", asOneLine(project.printed)],
    ]);

    const { name, environment } = project.settings();
    expect(whereFound([environment], texts)).toEqual(
      expect.arrayContaining([
        ...STACKS.map((stack) => `state/${name}/${environment}/${stack}.tfstate`),
        ...STACKS.map((stack) => `${stack}.tfplan: tfplan`),
        "outputs.json",
        "log",
      ]),
    );
    expect(emulator.passwords.length).toBeGreaterThan(0);
    expect(whereFound(emulator.passwords.flatMap(piecesOf), texts)).toEqual([]);
  });

  step("is destroyed, and nothing is left", async () => {
    await project.destroy();

    expect(await found()).toEqual({});
    expect(await project.managed()).toEqual([]);
  });
});

/** Runs an execution with the example input. */
async function run(project: Project): Promise<{ status: string; printed: string[][] }> {
  return execute(await placeOf(project), project.read("workflow/echo.input.json"));
}
