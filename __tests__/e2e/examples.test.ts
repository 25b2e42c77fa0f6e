/** The commands of each example's page copy it, run it and deploy it. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { EXAMPLES } from "../../scripts/examples";
import { Project } from "./project";
import { pythonPath } from "./python-environment";
import { testWith } from "./requirements";

/** The output of an execution with the example input. */
const OUTPUTS: Record<string, unknown> = {
  "word-count": {
    words: 338,
    different: 208,
    most: { and: 15, to: 10, the: 7, with: 7, i: 6, of: 6, is: 5, his: 5, not: 5, in: 5 },
  },
  samples: {
    samples: [
      { sample: "075f976c23a3", values: 2, mean: 15 },
      { sample: "49836786187f", values: 4, mean: 0.5 },
      { sample: "72f8b586f76c", values: 3, mean: 2.5 },
    ],
    failed: ["carl"],
  },
};

describe.each(EXAMPLES)("%s", (example) => {
  const [copying, deploying] = commandsOf(example);
  let project: Project;

  beforeAll(async () => {
    project = new Project();
    project.variables.PATH = pythonPath();
    // Version 1 of the AWS CLI does not know AWS_REGION.
    project.variables.AWS_DEFAULT_REGION = project.variables.AWS_REGION;
    for (const line of copying!.slice(0, -1)) await project.shell(line);
  });
  afterAll(async () => {
    await project.dispose();
  });

  /** Runs a command that follows an execution, and returns the output of the execution. */
  async function outputOf(command: string): Promise<unknown> {
    await project.shell(`${command} --report report.json`);
    return (JSON.parse(project.read("report.json")) as { output: unknown }).output;
  }

  /** Runs it here, in an empty folder of results. */
  async function outputHere(engine: string): Promise<unknown> {
    rmSync(join(project.folder, "data/runs"), { recursive: true, force: true });
    return outputOf(copying!.at(-1)!.replace("npm start", `npx workflow local --engine ${engine}`));
  }

  testWith()("check finds no problem in the copy", async () => {
    expect(await project.shell("npx workflow check")).toBe(`workflow/${example}.asl.json: no problems\n`);
  });

  testWith("programs")("runs here as processes", async () => {
    expect(await outputHere("process")).toEqual(OUTPUTS[example]);
  });

  testWith("images")("runs here in containers", async () => {
    expect(await outputHere("docker")).toEqual(OUTPUTS[example]);
  });

  testWith(
    "images",
    "programs",
    "terraform",
    "deployments",
  )("runs there, and is destroyed", async () => {
    for (const line of deploying!) {
      if (line === "npm run deploy") await deploy(project);
      else if (line === "npx workflow start") expect(await outputOf(line)).toEqual(OUTPUTS[example]);
      else await project.shell(line);
    }
    await project.shell("npx workflow destroy --auto-approve --data --delete-objects");
  });
});

/** Deploys the stacks, in the language that the emulator knows. */
async function deploy(project: Project): Promise<void> {
  await project.shell("npx workflow synth");
  const stack = JSON.parse(project.json("workflow"));
  for (const machine of Object.values(stack.resource.aws_sfn_state_machine) as { definition: string }[]) {
    machine.definition = JSON.stringify(forEmulator(JSON.parse(machine.definition)));
  }
  project.write("cdktf.out/stacks/workflow/cdk.tf.json", JSON.stringify(stack));
  await project.shell("npx workflow deploy --auto-approve --skip-synth");
}

type States = Record<string, object>;

/** The texts in another language of the Map of the samples. */
interface SamplesMap {
  readonly ItemReader: { readonly Resource: string; readonly ReaderConfig: object };
  readonly ItemProcessor: { readonly States: States };
  readonly ResultWriter: { readonly Resource: string; readonly Arguments: { readonly Bucket: string } };
}

interface Definition {
  readonly QueryLanguage: string;
  readonly States: States & { readonly samples?: SamplesMap };
}

/** Writes the Map of the samples in JSONPath: the emulator does not know a ResultWriter in JSONata. */
function forEmulator(definition: Definition): object {
  const { QueryLanguage, States, ...rest } = definition;
  const { samples, ...others } = States;
  if (samples === undefined) return definition;
  const inJsonata = (states: States) =>
    Object.fromEntries(Object.entries(states).map(([name, state]) => [name, { QueryLanguage, ...state }]));
  const { ItemReader: reader, ResultWriter: writer, ItemProcessor: processor } = samples;
  const bucket = { Bucket: writer.Arguments.Bucket };
  const map = {
    ...samples,
    ItemReader: {
      Resource: reader.Resource,
      ReaderConfig: reader.ReaderConfig,
      Parameters: { ...bucket, "Key.$": "$.list" },
    },
    ItemSelector: {
      "index.$": "$$.Map.Item.Index",
      "sample.$": "$$.Map.Item.Value.sample",
      "file.$": "$$.Map.Item.Value.file",
      "result.$": "States.Format('{}/results/{}.json', $folder, $$.Map.Item.Index)",
    },
    ItemProcessor: { ...processor, States: inJsonata(processor.States) },
    ResultWriter: {
      Resource: writer.Resource,
      Parameters: { ...bucket, "Prefix.$": "States.Format('{}/map', $folder)" },
    },
  };
  return { ...rest, States: { ...inJsonata(others), samples: map } };
}

/** Returns the lines of each block of commands on an example's page. */
function commandsOf(example: string): string[][] {
  const page = readFileSync(join(__dirname, "../../examples", example, "README.md"), "utf8");
  return [...page.matchAll(/```sh\n(.*?)\n```/gs)].map(([, block]) => block!.split("\n"));
}
