import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BucketContents, OwnBucket } from "../../../../src/aws/bucket-contents";
import { UsageError } from "../../../../src/base/errors";
import { destroy } from "../../../../src/cli/commands/destroy";
import { PROBES, type Probes } from "../../../../src/cli/doctor/probes";
import { act } from "../../../terminal";
import { scene as account, execution } from "../scene";

const BUCKET = "echo--dev-123456789012-euw1";
const NOTHING: BucketContents = { objects: 0, oldVersions: 0, deleteMarkers: 0, uploads: 0, isMore: false };
const HELD = { ...NOTHING, objects: 3, oldVersions: 1 };
const HOLDS = `the bucket for data, ${BUCKET}, holds 3 objects and 1 old version`;
const KEPT = `stderr: kept the bucket for data, ${BUCKET}. It holds 3 objects and 1 old version. \`npx workflow destroy --data\` destroys it too\n`;

interface SceneOptions {
  /** @default create */
  readonly data?: string;
  /** `null`: there is no bucket. `refused`: AWS does not show it. @default 3 objects and an old version */
  readonly contents?: BucketContents | "refused" | null;
  /** The bucket in the state of Terraform. @default the bucket of the settings */
  readonly inState?: string;
  readonly answer?: string;
  readonly running?: readonly string[];
  /** Happens while objects are deleted. */
  readonly during?: (interrupt: () => void, tell: (total: number) => void) => void;
}

let projectFolder: string;
beforeEach(() => {
  projectFolder = mkdtempSync(join(tmpdir(), "kept-data-test-"));
});
afterEach(() => rmSync(projectFolder, { recursive: true }));

/** A deployment with a bucket. Writes down what is asked, deleted and destroyed, in order with what is printed. */
function scene(options: SceneOptions = {}) {
  const { data = "create", contents = HELD, inState = BUCKET, answer, running = [], during = () => {} } = options;
  const write = (withData: boolean) => {
    const dependencies = data === "create" ? ["image", "data"] : ["image"];
    const stacks = {
      ...(withData && { data: { name: "data", dependencies: [] } }),
      image: { name: "image", dependencies: [] },
      workflow: { name: "workflow", dependencies },
    };
    for (const stack of Object.keys(stacks)) {
      mkdirSync(join(projectFolder, "cdktf.out/stacks", stack, ".terraform/providers"), { recursive: true });
    }
    writeFileSync(join(projectFolder, "cdktf.out/manifest.json"), JSON.stringify({ stacks }));
  };
  const probes = Object.fromEntries(Object.keys(PROBES).map((name) => [name, async () => ANSWERS[name]]));
  const executions = running.map((name) => execution(name, "RUNNING"));
  const { session, happened, interrupt } = account({
    executions,
    aws: {
      stateMachineStatus: async () => null,
      stopExecutions: async () => void happened.push("stop"),
      bucketContents: async (bucket: OwnBucket) => {
        expect(bucket).toEqual({ name: BUCKET, accountId: "123456789012", region: "eu-west-1" });
        if (contents === "refused") throw new UsageError("AWS denies access");
        return contents;
      },
      emptyBucket: async (bucket, { signal, deleted }) => {
        happened.push(`empty ${bucket.name}`);
        during(interrupt, deleted);
        signal.throwIfAborted();
        return 4;
      },
    },
    session: {
      environment: { WORKFLOW_DATA: data, WORKFLOW_BACKEND: "s3", WORKFLOW_STATE_BUCKET: "states" },
      projectFolder,
      ...(answer !== undefined && {
        ask: async (question) => {
          happened.push(`asked: ${question}`);
          return answer;
        },
      }),
      synthesize: async (_, __, order) => {
        happened.push(order?.destroysData ? `synth, data may go, data ${order.settings.data}` : "synth");
        write(data === "create" || order?.destroysData === true);
      },
      startTerraform: (args, { folder }) => {
        const stack = folder.split("/").at(-1)!;
        if (args[0] !== "init") happened.push(`${stack}: ${args.slice(0, 2).join(" ")}`);
        const resources = [{ type: "aws_s3_bucket", instances: [{ attributes: { bucket: inState } }] }];
        const stdout = args[0] === "state" ? JSON.stringify({ resources }) : "";
        return { ended: Promise.resolve({ exitCode: 0, signal: null, stdout, stderr: "" }), interrupt: () => {} };
      },
      loadProbes: async () => probes as unknown as Probes,
    },
  });
  return { happened, session };
}

const ANSWERS: Readonly<Record<string, unknown>> = {
  terraform: { command: "terraform", found: { product: "Terraform", version: "1.11.4" }, other: null },
  docker: { version: "28.0", os: "linux", architecture: "x86_64", vcpus: 2, memoryMiB: 4096 },
  caller: { account: "123456789012", arn: "arn:aws:iam::123456789012:user/me" },
  bucket: { region: "eu-west-1", versioned: true },
  profile: { name: "default", region: null },
};

const APPROVED = { stacks: [] as string[], autoApprove: true };
const WITH_DATA = { ...APPROVED, data: true };
const WITH_OBJECTS = { ...WITH_DATA, deleteObjects: true };

/** Destroys, and returns the exit code and what happened, without the line before each step. */
async function destroyed(options: SceneOptions, request: Partial<Parameters<typeof destroy.action>[0]>) {
  const { happened, session } = scene(options);
  const code = await act(destroy, request, session);
  const steps = happened.filter((line) => !/^stderr: (Synthesizing|(Initializing|Destroying) \w+)\n$/.test(line));
  return [code, ...steps];
}

/** The synth after a destroy that leaves the bucket: the stacks in cdktf.out protect it again. */
const PROTECTED = "synth";
const OTHERS = ["workflow: destroy -input=false", "image: destroy -input=false"];
const ALL = [...OTHERS, "data: destroy -input=false"];

describe("without --data", () => {
  test.each([[[]], [["*"]]])("the stack of data stays, and the user is told what it holds: %j", async (stacks) => {
    expect(await destroyed({}, { ...APPROVED, stacks })).toEqual([0, "synth", ...OTHERS, KEPT]);
  });

  test("the bucket of an earlier deploy stays too", async () => {
    expect(await destroyed({ data: "none" }, APPROVED)).toEqual([0, "synth", ...OTHERS, KEPT]);
    expect(await destroyed({ data: "our-lake" }, APPROVED)).toEqual([0, "synth", ...OTHERS, KEPT]);
  });

  test("nothing is said if there is no bucket, or it cannot be known", async () => {
    expect(await destroyed({ contents: null }, APPROVED)).toEqual([0, "synth", ...OTHERS]);
    expect(await destroyed({ data: "none", contents: "refused" }, APPROVED)).toEqual([0, "synth", ...OTHERS]);
  });

  test("the bucket is named even if AWS does not show what it holds", async () => {
    expect(await destroyed({ contents: "refused" }, APPROVED)).toEqual([
      0,
      "synth",
      ...OTHERS,
      `stderr: kept the bucket for data, ${BUCKET}. \`npx workflow destroy --data\` destroys it too\n`,
    ]);
  });

  test("a destroy of other stacks by name does not look at it", async () => {
    const request = { ...APPROVED, stacks: ["workflow", "image"] };
    expect(await destroyed({}, request)).toEqual([0, "synth", ...OTHERS]);
  });

  test.each([
    [
      { ...APPROVED, stacks: ["data"] },
      "`data` holds the bucket for data, which a destroy leaves; add `--data` to destroy it",
    ],
    [
      { ...APPROVED, deleteObjects: true },
      "`--delete-objects` empties the bucket for data before it is destroyed; add `--data`",
    ],
    [
      { ...APPROVED, stacks: ["workflow", "image"], data: true },
      "`--data` destroys the bucket for data, but the stacks are workflow, image; name `data` too, or leave out `--data`",
    ],
  ])("%j is refused before anything starts", async (request, message) => {
    const { happened, session } = scene();
    await expect(act(destroy, request, session)).rejects.toEqual(new UsageError(message));
    expect(happened).toEqual([]);
  });
});

describe("with --data", () => {
  test.each<[string, BucketContents | null]>([
    ["an empty bucket", NOTHING],
    ["unfinished uploads", { ...NOTHING, uploads: 2 }],
  ])("%s goes last, in a synth without protection", async (_, contents) => {
    const synth = "synth, data may go, data create";
    expect(await destroyed({ contents }, WITH_DATA)).toEqual([0, synth, "data: state pull", ...ALL]);
  });

  test("the bucket of an earlier deploy goes, alone if only it is named", async () => {
    const synth = "synth, data may go, data none";
    const options = { data: "none", contents: NOTHING };
    expect(await destroyed(options, WITH_DATA)).toEqual([0, synth, "data: state pull", ...ALL]);
    expect(await destroyed(options, { ...WITH_DATA, stacks: ["data"] })).toEqual([
      0,
      synth,
      "data: state pull",
      ALL.at(-1),
    ]);
  });

  test("a bucket that the workflow still uses does not go alone", async () => {
    await expect(destroyed({ contents: NOTHING }, { ...WITH_DATA, stacks: ["data"] })).rejects.toEqual(
      new UsageError("`data` is needed by `workflow`; name both, or give `--ignore-missing-stack-dependencies`"),
    );
  });

  test.each<[string, BucketContents]>([
    ["3 objects and 1 old version", HELD],
    ["1 old version", { ...NOTHING, oldVersions: 1 }],
    ["1 delete marker", { ...NOTHING, deleteMarkers: 1 }],
  ])("a bucket that holds %s stops it before anything is stopped or destroyed", async (words, contents) => {
    const { happened, session } = scene({ contents, running: ["a"] });
    await expect(act(destroy, WITH_DATA, session)).rejects.toEqual(
      new UsageError(
        `nothing was stopped or destroyed: the bucket for data, ${BUCKET}, holds ${words}; add \`--delete-objects\` to delete them for good, or leave out \`--data\` to keep them`,
      ),
    );
    expect(happened.slice(1)).toEqual(["synth, data may go, data create", PROTECTED]);
  });

  test("a bucket that another state holds is not emptied", async () => {
    expect(await destroyed({ inState: "another" }, WITH_OBJECTS)).toEqual([
      1,
      "synth, data may go, data create",
      "data: state pull",
      `stderr: nothing was stopped or destroyed: ${HOLDS}, and is not in the state of the backend \`s3\`; set WORKFLOW_BACKEND and WORKFLOW_STATE_BUCKET as they were for its deploy\n`,
      PROTECTED,
    ]);
  });
});

describe("with --data and --delete-objects", () => {
  const START = ["synth, data may go, data create", "data: state pull"];
  const DELETED = `stderr: deleted 4 objects and versions from ${BUCKET}\n`;
  const QUESTION = `asked: ${HOLDS}. They will be deleted for good. Type the name of the bucket to agree: `;
  const EMPTIED = [...OTHERS, `empty ${BUCKET}`, DELETED, ALL.at(-1)];

  test("the bucket is emptied after all that could write to it is gone", async () => {
    expect(await destroyed({ running: ["a"] }, WITH_OBJECTS)).toEqual([0, ...START, "stop", ...EMPTIED]);
  });

  test("on a terminal the user agrees by the name of the bucket", async () => {
    const request = { ...WITH_OBJECTS, autoApprove: false };
    const others = ["workflow: destroy -no-color", "image: destroy -no-color"];
    expect((await destroyed({ answer: ` ${BUCKET}` }, request)).slice(0, 6)).toEqual([
      0,
      ...START,
      QUESTION,
      ...others,
    ]);
    for (const answer of ["", "y", "echo"]) {
      const refused = "stderr: nothing was stopped or destroyed\n";
      expect(await destroyed({ answer }, request)).toEqual([1, ...START, QUESTION, refused, PROTECTED]);
    }
  });

  test("objects that are written after an empty bucket needed no question are not deleted without one", async () => {
    const options = { contents: NOTHING, answer: "" };
    expect(await destroyed(options, { ...WITH_OBJECTS, autoApprove: false })).toEqual([
      0,
      ...START,
      ...ALL.map((step) => step.replace("-input=false", "-no-color")),
    ]);
    expect(await destroyed({ contents: NOTHING }, WITH_OBJECTS)).toEqual([0, ...START, ...EMPTIED]);
  });

  test("an interruption leaves the rest, and says how to go on", async () => {
    const during: SceneOptions["during"] = (interrupt, tell) => {
      tell(2000);
      interrupt();
    };
    expect(await destroyed({ during }, WITH_OBJECTS)).toEqual([
      1,
      ...START,
      ...OTHERS,
      `empty ${BUCKET}`,
      `stderr: deleted 2,000 objects and versions from ${BUCKET}; the same command deletes the rest\n`,
      PROTECTED,
      "stderr: interrupted: nothing further was started\n",
    ]);
  });
});
