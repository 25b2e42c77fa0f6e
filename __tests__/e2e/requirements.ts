/**
 * Finds out what the end-to-end tests need and what is available. A test with a missing requirement is skipped, never
 * passed. Its title names what is missing.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBaseImages } from "./debian-images";
import { testEnvironment } from "./environment";
import { ensurePython } from "./python-environment";

/** Each requirement returns what is missing, or `null`. */
const REQUIREMENTS = {
  /** Terraform and the providers. */
  terraform: once(() => {
    const { status, stdout } = spawnSync("terraform", ["version", "-json"], { encoding: "utf8" });
    if (status !== 0) return "no terraform";
    const { terraform_version: version } = JSON.parse(stdout) as { terraform_version: string };
    const [major, minor] = version.split(".").map(Number) as [number, number];
    if (major < 1 || (major === 1 && minor < 10)) return `terraform ${version} is older than 1.10`;
    return inFolder((folder) =>
      terraform(folder, ["init"]).status === 0 ? null : "the providers cannot be installed here",
    );
  }),
  /** OpenTofu and the providers. */
  tofu: once(() => {
    const { status } = spawnSync("tofu", ["version"], { encoding: "utf8" });
    if (status !== 0) return "no tofu";
    return inFolder((folder) =>
      terraform(folder, ["init"], {}, "tofu").status === 0 ? null : "OpenTofu cannot install the providers here",
    );
  }),
  docker: once(() => {
    const { stdout } = spawnSync("docker", ["info", "--format", "{{.ServerVersion}}"], { encoding: "utf8" });
    return stdout?.trim() ? null : "no Docker engine answers";
  }),
  /** The base images of the examples. */
  images: once((): string | null => REQUIREMENTS.docker() ?? ensureBaseImages()),
  /** The programs that the jobs of the examples need as processes: boto3, the AWS CLI and jq. */
  programs: once(() => (spawnSync("jq", ["--version"]).status === 0 ? ensurePython() : "no jq")),
  /** An emulator of AWS on this machine. */
  aws: once(() => probeEmulator("account")),
  /** An emulator that can take a deployment: it has a registry under the name of ECR, and runs Batch jobs. */
  deployments: once(() => probeEmulator("registry")),
  /** Providers that refuse the operation that `STANDIN_FAIL` names. */
  refusals: once(() =>
    inFolder((folder) => {
      terraform(folder, ["init"]);
      const refused = terraform(folder, ["plan"], { STANDIN_FAIL: "data.aws_caller_identity:read" });
      return refused.status !== 0 && refused.stderr.includes("AccessDenied") ? null : "the providers refuse nothing";
    }),
  ),
};

/** The requirements to plan each stack. The plan of the image stack logs in to the registry with a password of ECR. */
export const PLANNING = {
  image: ["terraform", "deployments", "docker"],
  workflow: ["terraform", "aws"],
} as const satisfies Record<string, readonly (keyof typeof REQUIREMENTS)[]>;

export function isThere(need: keyof typeof REQUIREMENTS): boolean {
  return REQUIREMENTS[need]() === null;
}

/** Returns Jest's `test` for tests with the requirements `needs`. */
export function testWith(...needs: (keyof typeof REQUIREMENTS)[]) {
  const missing = needs.map((need) => REQUIREMENTS[need]()).find((found) => found !== null);
  const start = missing === undefined ? test : test.skip;
  const suffix = missing === undefined ? "" : ` (skipped: ${missing})`;
  const one = (title: string, body: () => Promise<void>) => start(`${title}${suffix}`, body);
  const each = <T>(table: readonly T[], title: (row: T) => string, body: (row: T) => Promise<void>) => {
    for (const row of table) one(title(row), () => body(row));
  };
  return Object.assign(one, { each });
}

// A test must never push to the real registry, so its name must resolve to this machine.
const PROBE = `
  const { STSClient, GetCallerIdentityCommand } = require("@aws-sdk/client-sts");
  const { lookup } = require("node:dns/promises");
  const fail = (message) => { console.error(message); process.exit(1); };
  (async () => {
    const { Account } = await new STSClient({ maxAttempts: 1 }).send(new GetCallerIdentityCommand({}));
    if (process.argv[1] === "account") return;
    const registry = Account + ".dkr.ecr." + process.env.AWS_REGION + ".amazonaws.com";
    const { address } = await lookup(registry).catch(() => ({ address: "nowhere" }));
    if (!address.startsWith("127.") && address !== "::1") fail(registry + " leads to " + address + ", not to this machine");
  })().catch(() => fail("nothing answers as AWS at " + process.env.AWS_ENDPOINT_URL));
`;

/** Returns what the emulator lacks, or `null`. */
function probeEmulator(part: "account" | "registry"): string | null {
  if (testEnvironment().AWS_ENDPOINT_URL === undefined) return "AWS_ENDPOINT_URL is not set";
  const options = { cwd: __dirname, env: testEnvironment(), encoding: "utf8" as const };
  const { status, stderr } = spawnSync(process.execPath, ["--no-warnings", "-e", PROBE, part], options);
  return status === 0 ? null : stderr.trim();
}

function terraform(folder: string, args: string[], variables: NodeJS.ProcessEnv = {}, binary = "terraform") {
  return spawnSync(binary, [...args, "-input=false", "-no-color"], {
    cwd: folder,
    env: { ...testEnvironment(), ...variables },
    encoding: "utf8",
  });
}

/** Runs `probe` in a folder with a configuration that uses both providers and reads the caller's identity. */
function inFolder<T>(probe: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "e2e-probe-"));
  try {
    const required_providers = {
      aws: { source: "hashicorp/aws", version: "6.25.0" },
      docker: { source: "kreuzwerker/docker", version: "3.6.2" },
    };
    const configuration = { terraform: { required_providers }, data: { aws_caller_identity: { caller: {} } } };
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify(configuration));
    return probe(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function once<T>(find: () => T): () => T {
  let found: { value: T } | undefined;
  return () => {
    found ??= { value: find() };
    return found.value;
  };
}
