/**
 * `npm run bootstrap -- --repository OWNER/REPO --bucket NAME`: prepares an AWS account, and HCP Terraform where that keeps
 * the state, for deployments from GitHub Actions. See docs/ci.md.
 * Exit codes: Terraform's own; 2 for wrong usage or settings, and when HCP Terraform refuses.
 */
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import type { BootstrapProps } from "../../../stacks/bootstrap-stack";
import { UsageError } from "../../base/errors";
import { machineFault } from "../../base/file-errors";
import { onInterrupt } from "../../base/interrupts";
import { say } from "../../base/message";
import { flagsKeptByNpm } from "../../base/npm-flags";
import { guardStandardStreams } from "../../base/standard-streams";
import { terraformToken, waysToGiveToken } from "../../base/terraform-token";
import { loadSettings } from "../../project/load-settings";
import { BUCKET_NAME, BUCKET_NAME_RULE, resourceName } from "../../project/names";
import { PROJECT_FOLDER } from "../../project/project-folder";
import type { Settings } from "../../project/settings-types";
import { startTerraform } from "../../terraform/run-terraform";

/** What the bootstrap has to do with its surroundings; tests give their own. */
export interface BootstrapSurroundings {
  readonly environment: NodeJS.ProcessEnv;
  /** What the environment's settings stand upon. @default the context of cdktf.json */
  readonly context?: unknown;
  readonly stdout: Pick<NodeJS.WritableStream, "write">;
  readonly stderr: Pick<NodeJS.WritableStream, "write">;
  readonly fetch: typeof fetch;
  /** Writes the stack, and returns the folder to run Terraform in. */
  readonly synthesize: (settings: Settings, props: BootstrapProps) => string;
  /** Whether there is a terminal in which Terraform can ask. */
  readonly isInteractive: boolean;
  /** Runs Terraform in this terminal, and gives its exit code. */
  readonly terraform: (args: readonly string[], folder: string) => Promise<number>;
}

interface Options {
  readonly repository?: string;
  readonly branch: string;
  readonly bucket?: string;
  readonly existingBucket?: true;
  readonly mainOnly?: true;
  readonly existingProvider?: true;
  readonly stateInBucket?: true;
  readonly workspacesOnly?: true;
  readonly planOnly?: true;
  readonly autoApprove?: true;
}

/**
 * A repository as it stands in the subjects of its tokens. Those of repositories that were made, renamed or transferred since 15 July
 * 2026 bear ids, as OWNER@ID/REPO@ID. An underscore is part of the names of an enterprise's managed users.
 *
 * @see https://docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims
 */
const REPOSITORY = /^[\w-]+(?:\/[\w.-]+|@\d+\/[\w.-]+@\d+)$/;

/** Prints `repo:`, and then which of the two it is. Its `use_immutable_subject` may say false where the prefix bears ids. */
const HOW_TO_FIND_IT = "gh api repos/OWNER/REPO/actions/oidc/customization/sub --jq .sub_claim_prefix";

const API_TYPE = "application/vnd.api+json";

/** Runs the bootstrap with `argv` and gives its exit code. */
export async function run(argv: readonly string[], surroundings: BootstrapSurroundings): Promise<number> {
  try {
    return await bootstrap(parse(argv, surroundings), surroundings);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const fault = machineFault(error);
    if (fault === null && !(error instanceof UsageError)) throw error;
    say(surroundings.stderr, fault ?? (error as UsageError).message);
    return fault === null ? 2 : 1;
  }
}

/**
 * Makes the workspaces of an environment, in execution mode local: HCP Terraform would make them remote, where there is no
 * Docker engine. Says what it did, a line each; those that are as they should be stay untouched.
 * @throws UsageError when HCP Terraform refuses
 */
export async function makeWorkspaces(
  settings: Settings,
  environment: NodeJS.ProcessEnv,
  { ask, say }: { ask: typeof fetch; say: (line: string) => void },
): Promise<void> {
  const { cloudHostname, cloudOrganization } = settings;
  const known = terraformToken(cloudHostname, environment);
  if (known.found !== "token") {
    const why =
      known.found === "helper"
        ? `the credentials helper ${known.helper} gives its token to Terraform alone`
        : "there is none";
    throw new UsageError(
      `the bootstrap needs a token of ${cloudHostname} that may make workspaces, and ${why}; ${waysToGiveToken(cloudHostname, environment)}`,
    );
  }
  const workspaces = `https://${cloudHostname}/api/v2/organizations/${cloudOrganization}/workspaces`;
  const headers = { Authorization: `Bearer ${known.token}`, "Content-Type": API_TYPE };
  const request = async (method: string, url: string, attributes?: object): Promise<Response> => {
    const body = attributes && { body: JSON.stringify({ data: { type: "workspaces", attributes } }) };
    const response = await ask(url, { method, headers, ...body }).catch((cause: Error) => {
      throw new UsageError(`${cloudHostname} cannot be reached: ${cause.message}; look at the network`, { cause });
    });
    if (response.ok || (method === "GET" && response.status === 404)) return response;
    throw new UsageError(
      `${cloudHostname} refused to ${method} ${new URL(url).pathname} with status ${response.status}; look at the rights of the token`,
    );
  };
  for (const stack of ["image", "workflow"]) {
    const name = resourceName(settings, stack);
    const found = await request("GET", `${workspaces}/${name}`);
    if (found.status === 404) {
      await request("POST", workspaces, { name, "execution-mode": "local" });
      say(`made the workspace ${name}, in execution mode local`);
      continue;
    }
    const { data } = (await found.json()) as { data: { attributes: Record<string, unknown> } };
    if (data.attributes["execution-mode"] === "local") continue;
    await request("PATCH", `${workspaces}/${name}`, { "execution-mode": "local" });
    say(`set the workspace ${name} to execution mode local`);
  }
}

// --- internal ---

async function bootstrap(options: Options, surroundings: BootstrapSurroundings): Promise<number> {
  const { environment, context, stderr } = surroundings;
  const settings = loadSettings(environment, context);
  const isCloud = settings.backend === "cloud";
  if (options.workspacesOnly && !isCloud) {
    stderr.write(`the backend ${settings.backend} has no workspaces to make\n`);
    return 0;
  }
  const props = options.workspacesOnly ? null : readProps(options, settings);
  const { autoApprove, planOnly } = options;
  if (props !== null && !planOnly && !autoApprove && !surroundings.isInteractive) {
    throw new UsageError("bootstrap asks for approval, and there is no terminal to ask in; give `--auto-approve`");
  }
  if (isCloud && !options.planOnly) {
    await makeWorkspaces(settings, environment, {
      ask: surroundings.fetch,
      say: (line) => say(stderr, line),
    });
  }
  if (props === null) return 0;

  const folder = surroundings.synthesize(settings, props);
  // Does nothing unless `--state-in-bucket` is new: then it asks whether to move the state.
  const init = ["init", "-migrate-state", ...(autoApprove ? ["-force-copy"] : [])];
  const initialized = await surroundings.terraform(init, folder);
  if (initialized !== 0) return initialized;
  if (planOnly) return surroundings.terraform(["plan"], folder);
  return surroundings.terraform(["apply", ...(autoApprove ? ["-auto-approve"] : [])], folder);
}

function parse(argv: readonly string[], { environment, stdout, stderr }: BootstrapSurroundings): Options {
  const command = new Command("bootstrap")
    .description("Prepare an AWS account for deployments from GitHub Actions; once for each workflow.")
    .option(
      "--repository <owner/repo>",
      "the repository on GitHub whose jobs may take the roles: OWNER/REPO or, since July 2026 for new ones, OWNER@ID/REPO@ID",
    )
    .option(
      "--bucket <name>",
      "the bucket for Terraform's state, which is made (default: the setting stateBucket); not with the backend cloud",
    )
    .option(
      "--existing-bucket",
      "the bucket is there already; one that this bootstrap made is let go of, not destroyed",
    )
    .option("--branch <name>", "the branch that is deployed to the environment of the settings", "main")
    .option("--main-only", "the main branch alone is deployed: the apply role is not for the environment `branches`")
    .option(
      "--existing-provider",
      "the account has GitHub's OIDC provider already, from elsewhere; one that this bootstrap made is let go of, not destroyed",
    )
    .option("--state-in-bucket", "keep the bootstrap's own state in the bucket, once that is there")
    .option("--workspaces-only", "make the workspaces of HCP Terraform, and nothing else")
    .option("--plan-only", "show what would be done")
    .option("--auto-approve", "do not ask")
    .addHelpText(
      "after",
      `\nWhich of the two names the repository has stands after \`repo:\` in what this prints:\n  ${HOW_TO_FIND_IT}`,
    )
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => say(stderr, text.trimEnd()) })
    .allowExcessArguments(false)
    .exitOverride();
  const kept = flagsKeptByNpm(command.options, environment).map(({ flag }) => flag);
  if (kept.length > 0) {
    const meant = ["npm run bootstrap --", ...argv, ...kept].join(" ");
    throw new UsageError(
      `npm kept ${kept.map((flag) => `\`${flag}\``).join(", ")} for itself, so nothing was started; write \`${meant}\``,
    );
  }
  return command.parse(argv, { from: "user" }).opts<Options>();
}

/** @throws UsageError with all problems */
function readProps(options: Options, { backend, stateBucket }: Settings): BootstrapProps {
  const isCloud = backend === "cloud";
  const { repository, branch, bucket = (isCloud ? null : stateBucket) ?? undefined } = options;
  const { mainOnly = false, existingBucket = false, existingProvider = false, stateInBucket = false } = options;
  const got = (value: string | undefined) => (value === undefined ? "nothing" : JSON.stringify(value));
  const problems = [
    ...(repository === undefined || !REPOSITORY.test(repository)
      ? [
          "`--repository` must be a repository on GitHub as OWNER/REPO or OWNER@ID/REPO@ID, " +
            `got: ${got(repository)}; \`${HOW_TO_FIND_IT}\` prints it after \`repo:\``,
        ]
      : []),
    ...(!isCloud && (bucket === undefined || !BUCKET_NAME.test(bucket))
      ? [`\`--bucket\` must be ${BUCKET_NAME_RULE}, got: ${got(bucket)}`]
      : []),
    ...(isCloud && bucket !== undefined
      ? [`\`--bucket\` must be left out with the backend cloud, which keeps the state, got: ${got(bucket)}`]
      : []),
    ...(!isCloud && stateBucket !== null && bucket !== stateBucket
      ? [`\`--bucket\` must be the setting \`stateBucket\`, ${JSON.stringify(stateBucket)}, got: ${got(bucket)}`]
      : []),
    ...(stateInBucket && bucket === undefined ? ["`--state-in-bucket` needs `--bucket`"] : []),
    ...(existingBucket && bucket === undefined ? ["`--existing-bucket` needs `--bucket`"] : []),
  ];
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  const flags = { mainOnly, existingBucket, existingProvider, stateInBucket };
  return { repository: repository!, branch, bucket: bucket ?? null, ...flags };
}

/** Terraform asks its own questions. At Ctrl-C this process waits until Terraform has saved its state. */
async function runTerraform(args: readonly string[], folder: string): Promise<number> {
  const plain = process.stdout.isTTY && !process.env.NO_COLOR ? [] : ["-no-color"];
  const { ended, interrupt } = startTerraform([...args, ...plain], {
    folder,
    environment: process.env,
    output: "terminal",
  });
  const stopListening = onInterrupt(interrupt);
  try {
    const { exitCode, signal } = await ended;
    if (signal !== null) process.stderr.write(`Terraform was killed by ${signal}; its state may be locked\n`);
    return exitCode ?? 1;
  } finally {
    stopListening();
  }
}

if (require.main === module) {
  const { endWith, ...streams } = guardStandardStreams();
  run(process.argv.slice(2), {
    environment: process.env,
    ...streams,
    fetch,
    synthesize: (settings, props) => {
      // Loaded here: `--help` and the workspaces need no CDKTF.
      const { synthesizeBootstrap } =
        require("../../../stacks/bootstrap-stack") as typeof import("../../../stacks/bootstrap-stack");
      return synthesizeBootstrap(settings, props, join(PROJECT_FOLDER, "bootstrap.out"));
    },
    isInteractive: Boolean(process.stdin.isTTY),
    terraform: runTerraform,
  }).then(endWith);
}
