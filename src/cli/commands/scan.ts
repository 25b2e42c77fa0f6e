/**
 * `npm run scan`: checkov over the stacks, that of the bootstrap too, parliament over their IAM policies, with the settings in force.
 * Exit codes: 0 nothing found, 1 something found or stopped, 2 tools missing, wrong settings or a tool that failed.
 */
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { BootstrapProps } from "../../../stacks/bootstrap-stack";
import { UsageError } from "../../base/errors";
import { findExecutable } from "../../base/executables";
import type { JsonObject } from "../../base/json";
import { loadSettings } from "../../project/load-settings";
import { PROJECT_FOLDER } from "../../project/project-folder";
import type { Settings } from "../../project/settings-types";
import { policyDocuments } from "../../terraform/policy-documents";

/** What was found, a line each, and what is worth knowing beside it. */
export interface ScanReport {
  readonly findings: readonly string[];
  readonly notes: readonly string[];
}

interface CheckovReport {
  readonly summary?: { readonly passed: number; readonly parsing_errors: number };
  readonly results?: {
    readonly failed_checks: readonly { check_id: string; check_name: string; file_path: string; resource: string }[];
  };
}

/** As parliament prints it. Some findings have no detail. */
export interface ParliamentFinding {
  readonly issue: string;
  readonly title: string;
  readonly detail: unknown;
  readonly location: { readonly filepath: string };
}

/** An action whose statement lacks a resource, in the detail of `RESOURCE_MISMATCH`. */
interface MissingResource {
  readonly action: string;
  readonly required_format: string;
}

const CHECKOV_CONFIG = join(PROJECT_FOLDER, ".config/checkov.yaml");

/**
 * Resources that parliament asks for and AWS does without: its own examples of who may submit jobs name queue and definition
 * alone, of a distributed Map its executions, not those of express workflows; executions are listed of a state machine or of a
 * Map. And parliament looks at each statement by itself, where AWS asks for each resource of a call, whichever statement allows it:
 * the deployer's say of groups what they do not say of their rules and of VPCs.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/iam-example-restrict-job-submission.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html
 */
const NOT_REQUIRED: readonly MissingResource[] = [
  { action: "batch:SubmitJob", required_format: "arn:*:batch:*:*:job/*" },
  { action: "states:DescribeExecution", required_format: "arn:*:states:*:*:express:*:*:*" },
  { action: "states:ListExecutions", required_format: "arn:*:states:*:*:mapRun:*/*:*" },
  ...["ec2:AuthorizeSecurityGroupEgress", "ec2:CreateSecurityGroup", "ec2:ModifySecurityGroupRules"].map((action) => ({
    action,
    required_format: "arn:*:ec2:*:*:security-group/*",
  })),
  { action: "ec2:ModifySecurityGroupRules", required_format: "arn:*:ec2:*:*:security-group-rule/*" },
  // Newer than parliament: Amazon SNS takes the topic of a subscription for a resource.
  { action: "sns:GetSubscriptionAttributes", required_format: "*" },
  { action: "sns:Unsubscribe", required_format: "*" },
];

/**
 * Of providers of OpenID Connect parliament knows four, and GitHub's is none of them.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 */
const UNKNOWN_TO_PARLIAMENT: readonly { readonly issue: string; readonly detail: RegExp }[] = [
  { issue: "UNKNOWN_FEDERATION_SOURCE", detail: /:oidc-provider\/token\.actions\.githubusercontent\.com$/ },
  {
    issue: "UNKNOWN_CONDITION_FOR_ACTION",
    detail:
      /^Unknown condition token\.actions\.githubusercontent\.com:(aud|sub) for action sts:AssumeRoleWithWebIdentity$/,
  },
];

/** A bootstrap that makes all that it can make; the names matter to no scanner. */
const BOOTSTRAP: BootstrapProps = {
  repository: "owner/repo",
  branch: "main",
  bucket: "states",
  existingBucket: false,
  mainOnly: false,
  existingProvider: false,
  stateInBucket: false,
};

/** No check has this name. Given on the command line, it takes the place of the list in .config/checkov.yaml. */
const SKIP_NOTHING = "CKV_NOTHING";

/**
 * The path of a tool: in the project's own `.venv`, else on the PATH.
 * @throws UsageError when it is in neither
 */
export function findTool(name: string, searchPath: string | undefined, projectFolder = PROJECT_FOLDER): string {
  const found = findExecutable([name], searchPath, [join(projectFolder, ".venv", "bin")]);
  if (found !== undefined) return found;
  throw new UsageError(
    `\`${name}\` is neither in .venv nor on the PATH; ` +
      "install it: python3 -m venv .venv && .venv/bin/pip install -r .config/scan-requirements.txt",
  );
}

/** Synthesizes all that is scanned into a folder. */
export function synthesizeAll(settings: Settings, outdir: string): void {
  // Late, so that the functions beside it can be used without loading CDKTF.
  const { compose } = require("../../../main") as typeof import("../../../main");
  const { synthesizeBootstrap } =
    require("../../../stacks/bootstrap-stack") as typeof import("../../../stacks/bootstrap-stack");
  compose(settings, { outdir, skipValidation: true }).synth();
  synthesizeBootstrap(settings, BOOTSTRAP, outdir);
}

/** The checks that a .config/checkov.yaml lists, its comments left out. */
export function listedChecks(config: string): string[] {
  return [...config.replace(/#.*/g, "").matchAll(/\bCKV2?_[A-Z]+_\d+\b/g)].map(([check]) => check);
}

/** What remains of parliament's findings without the resources that AWS does not ask for, and what parliament does not know. */
export function justified(findings: readonly ParliamentFinding[]): ParliamentFinding[] {
  return findings.flatMap((finding) => {
    const isUnknown = UNKNOWN_TO_PARLIAMENT.some(
      ({ issue, detail }) => issue === finding.issue && detail.test(String(finding.detail)),
    );
    if (isUnknown) return [];
    if (finding.issue !== "RESOURCE_MISMATCH") return [finding];
    const missing = (finding.detail as readonly MissingResource[]).filter(
      (one) => !NOT_REQUIRED.some((not) => not.action === one.action && not.required_format === one.required_format),
    );
    return missing.length === 0 ? [] : [{ ...finding, detail: missing }];
  });
}

/**
 * Scans what a synth has left in `synthesized`.
 * @throws UsageError when a tool fails, or looked at nothing
 */
export async function scan(
  synthesized: string,
  tools: { readonly checkov: string; readonly parliament: string },
  signal?: AbortSignal,
): Promise<ScanReport> {
  const reports = [
    await scanStacks(synthesized, tools.checkov, signal),
    await scanPolicies(synthesized, tools.parliament, signal),
  ];
  return { findings: reports.flatMap(({ findings }) => findings), notes: reports.flatMap(({ notes }) => notes) };
}

// --- internal ---

/** All checks are run and the list applied here: of what it skips, checkov does not say whether it would have failed. */
async function scanStacks(synthesized: string, checkov: string, signal?: AbortSignal): Promise<ScanReport> {
  const options = ["--config-file", CHECKOV_CONFIG, "--skip-check", SKIP_NOTHING, "--output", "json"];
  const output = await runTool(checkov, ["--directory", synthesized, ...options], join(synthesized, "home"), signal);
  const { summary, results } = JSON.parse(output) as CheckovReport;
  if (!summary?.passed || summary.parsing_errors > 0)
    throw new UsageError(`checkov could not read the stacks:\n${output}`);

  const failed = results?.failed_checks ?? [];
  const listed = listedChecks(readFileSync(CHECKOV_CONFIG, "utf8"));
  const idle = listed.filter((check) => !failed.some(({ check_id }) => check_id === check));
  const findings = failed
    .filter(({ check_id }) => !listed.includes(check_id))
    .map(
      ({ check_id, check_name, file_path, resource }) =>
        `checkov: ${stackOf(file_path)}: ${resource.replace(/^resource\./, "")}: ${check_id} ${check_name}`,
    );
  return {
    findings,
    notes: [
      `checkov: ${summary.passed} checks passed, ${failed.length} failed, ` +
        `${failed.length - findings.length} of these as .config/checkov.yaml expects`,
      ...idle.map((check) => `checkov: ${check} is in .config/checkov.yaml, but does not fail with these settings`),
    ],
  };
}

async function scanPolicies(synthesized: string, parliament: string, signal?: AbortSignal): Promise<ScanReport> {
  const policies = readdirSync(join(synthesized, "stacks")).flatMap((stack) => {
    const json = JSON.parse(readFileSync(join(synthesized, "stacks", stack, "cdk.tf.json"), "utf8")) as JsonObject;
    return policyDocuments(json).map((policy) => ({ ...policy, stack }));
  });
  if (policies.length === 0) throw new UsageError("no IAM policy was found in the stacks");
  const folder = join(synthesized, "policies");
  for (const { stack, name, json } of policies) {
    mkdirSync(join(folder, stack), { recursive: true });
    writeFileSync(join(folder, stack, `${name}.json`), JSON.stringify(json, null, 2));
  }
  const output = await runTool(parliament, ["--directory", folder, "--json"], join(synthesized, "home"), signal);
  const lines = output.split("\n").filter(Boolean);
  const all = lines.map((line) => JSON.parse(line) as ParliamentFinding);
  const findings = justified(all);
  const trust = policies.filter((policy) => policy.trust).length;
  return {
    findings: findings.map(({ title, detail, location }) => {
      const [stack, file] = location.filepath.split("/").slice(-2);
      return `parliament: ${stack}: ${file!.replace(/\.json$/, "")}: ${title}: ${JSON.stringify(detail || location)}`;
    }),
    notes: [
      `parliament: ${policies.length} policies read, ${all.length} findings, ` +
        `${all.length - findings.length} of these refuted by AWS's documentation`,
      `parliament: ${trust} of the policies say who may take a role; it does not know the names of services`,
    ],
  };
}

/**
 * What a tool says. Both end with 1 when they find something, and when they fail; only then is there nothing to read.
 * Checkov is kept off the network: with a key, from its environment or from the home folder, it would send the stacks away,
 * and at each start it would ask for a newer version of itself.
 */
async function runTool(path: string, options: readonly string[], home: string, signal?: AbortSignal): Promise<string> {
  const { BC_API_KEY: _, ...environment } = process.env;
  const env = { ...environment, HOME: home, CKV_SKIP_PACKAGE_UPDATE_CHECK: "true" };
  try {
    const { stdout } = await promisify(execFile)(path, options, { env, maxBuffer: 2 ** 28, ...(signal && { signal }) });
    return stdout;
  } catch (cause) {
    const { code, stdout, stderr } = cause as { code?: unknown; stdout?: string; stderr?: string };
    if (code === 1 && stdout?.trim()) return stdout;
    if (signal?.aborted) throw cause;
    throw new UsageError(`${path} failed:\n${stderr?.trim() || (cause as Error).message}`, { cause });
  }
}

/** `/stacks/image/cdk.tf.json` -> `image`. */
function stackOf(path: string): string {
  return path.split("/").at(-2)!;
}

async function main(): Promise<number> {
  const interrupted = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => interrupted.abort());
  const { PATH } = process.env;
  let folder: string | undefined;
  try {
    const tools = { checkov: findTool("checkov", PATH), parliament: findTool("parliament", PATH) };
    const settings = loadSettings(process.env);
    folder = await mkdtemp(join(tmpdir(), "workflow-scan-"));
    synthesizeAll(settings, folder);
    const { findings, notes } = await scan(folder, tools, interrupted.signal);
    for (const line of [...findings, ...notes]) console.log(line);
    return findings.length === 0 ? 0 : 1;
  } catch (error) {
    if (interrupted.signal.aborted) return 1;
    console.error(error instanceof UsageError ? error.message : error);
    return 2;
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true });
  }
}

if (require.main === module) {
  void main().then((code) => {
    process.exitCode = code;
  });
}
