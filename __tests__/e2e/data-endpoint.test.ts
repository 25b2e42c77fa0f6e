/** The clients that jobs use for S3, unchanged, against the endpoint of the local run. */
import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../src/base/clock";
import { NO_ADDITIONS } from "../../src/local/batch/job-additions";
import { dataFolder } from "../../src/local/data/data-folder";
import { startDataEndpoint } from "../../src/local/data-endpoint";
import type { EngineName } from "../../src/local/engines/engine";
import { hostAddresses } from "../../src/local/engines/host-address";
import { buildImage, withPackages } from "./debian-images";
import { pythonPath } from "./python-environment";
import { testWith } from "./requirements";

const CLIENTS = join(__dirname, "clients");
const BUCKET = "my-data";
const CLI_IMAGE = "workflow-e2e/aws-cli:trixie";

const scratch = mkdtempSync(join(tmpdir(), "e2e-data-endpoint-"));
/** A disk of 12 MB, which needs the right to mount one. */
const disk = mkdtempSync(join(scratch, "disk-"));
const canMount = spawnSync("mount", ["-t", "tmpfs", "-o", "size=12m", "tmpfs", disk]).status === 0;

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(scratch, "data-"));
  mkdirSync(join(folder, "many"));
  for (let index = 0; index < 2500; index += 1) {
    writeFileSync(join(folder, "many", String(index).padStart(4, "0")), "x");
  }
});

afterAll(() => {
  if (canMount) spawnSync("umount", [disk]);
  rmSync(scratch, { recursive: true, force: true });
});

/** Runs a program of an engine as a job would run, with the variables that a job gets. Returns the last line of its output. */
async function runClient(engine: EngineName, command: (variables: readonly string[]) => readonly string[]) {
  const data = { bucket: BUCKET, region: "eu-central-1", store: dataFolder(folder) };
  const endpoint = await startDataEndpoint(data, NO_ADDITIONS, await hostAddresses(engine), systemClock);
  try {
    const { environment, secrets } = endpoint.additions.defaults;
    const variables = { ...environment, ...secrets, DATA_BUCKET: BUCKET };
    const [program, ...args] = command(Object.keys(variables));
    const { AWS_ENDPOINT_URL: _, AWS_PROFILE: __, ...own } = process.env;
    const child = spawn(program!, args, { env: { ...own, PATH: pythonPath(), ...variables } });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece) => (output += piece));
    const code = await new Promise((resolve) => child.once("close", resolve));
    if (code !== 0) throw new Error(`${program} ended with ${code}:\n${output}`);
    return output.trimEnd().split("\n").at(-1);
  } finally {
    endpoint.close();
  }
}

/** The files that no client has written. */
const leftovers = () => readdirSync(folder).filter((name) => name.startsWith("."));

testWith("programs").each(
  [
    ["boto3", "python3", "boto3-client.py"],
    ["s3fs", "python3", "s3fs-client.py"],
    ["aws-cli", "sh", "aws-cli.sh"],
  ],
  ([name]) => `${name} puts, gets, joins parts, copies, lists and deletes as a process`,
  async ([name, program, script]) => {
    const end = await runClient("process", () => [program!, join(CLIENTS, script!)]);
    expect([end, leftovers()]).toEqual([`${name} is content`, []]);
  },
);

test("the JavaScript SDK puts, gets, joins parts, copies, lists and deletes as a process", async () => {
  const end = await runClient("process", () => [process.execPath, join(CLIENTS, "javascript-sdk.js")]);
  expect([end, existsSync(join(folder, "js/large")), leftovers()]).toEqual(["javascript-sdk is content", true, []]);
});

testWith("images")("the AWS CLI v2 puts, gets, joins parts, copies, lists and deletes in a container", async () => {
  buildImage(CLI_IMAGE, withPackages("awscli"));
  const end = await runClient("docker", (variables) => [
    ...["docker", "run", "--rm", "--volume", `${CLIENTS}:/clients:ro`],
    ...variables.flatMap((name) => ["--env", name]),
    ...[CLI_IMAGE, "sh", "/clients/aws-cli.sh"],
  ]);
  expect([end, statSync(join(folder, "cli/copy")).size, leftovers()]).toEqual(["aws-cli is content", 23_040_000, []]);
});

(canMount ? test : test.skip)(
  `a full disk is an error that says so, and the earlier object stays${canMount ? "" : " (skipped: no right to mount a small disk)"}`,
  async () => {
    folder = disk;
    writeFileSync(join(disk, "kept"), "earlier");
    const script = [
      "import boto3, os",
      "from botocore.config import Config",
      's3 = boto3.client("s3", config=Config(retries={"total_max_attempts": 1}))',
      'bucket = os.environ["DATA_BUCKET"]',
      "try:",
      '    s3.put_object(Bucket=bucket, Key="kept", Body=b"x" * 20_000_000)',
      "except s3.exceptions.ClientError as error:",
      '    print(error.response["Error"]["Code"], error.response["Error"]["Message"])',
    ].join("\n");
    const end = await runClient("process", () => ["python3", "-c", script]);
    expect(end).toBe(
      `InternalError s3://${BUCKET}/kept is the file ${join(disk, "kept")} here: no space is left on the disk (ENOSPC)`,
    );
    expect([readdirSync(disk), readFileSync(join(disk, "kept"), "utf8")]).toEqual([["kept"], "earlier"]);
  },
);
