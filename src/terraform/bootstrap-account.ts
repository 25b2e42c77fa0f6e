/** Prepares an AWS account, and HCP Terraform if that keeps the states, for deployments from GitHub Actions. */
import { UsageError } from "../base/errors";
import { BUCKET_NAME, BUCKET_NAME_RULE } from "../project/names";
import type { Settings } from "../project/settings-types";
import { makeWorkspaces } from "./hcp";

/** Properties of the bootstrap beside the settings. */
export interface BootstrapProps {
  /** Repository on GitHub, as in the subjects of its tokens: OWNER/REPO, or OWNER@ID/REPO@ID. */
  readonly repository: string;
  /** Branch that deploys to the environment of the settings. */
  readonly branch: string;
  /** Name of the bucket for states; `null` if HCP Terraform keeps them. */
  readonly bucket: string | null;
  /** True if the bucket exists already and is managed elsewhere. */
  readonly existingBucket: boolean;
  /** True if only the environment of the main branch deploys, not the environment of all other branches. */
  readonly mainOnly: boolean;
  /** True if the account has GitHub's OIDC provider already. An account can have only one. */
  readonly existingProvider: boolean;
  /** True if the bootstrap keeps its own state in the bucket too. */
  readonly stateInBucket: boolean;
}

/** The flags of the command. */
export interface BootstrapOptions {
  readonly repository?: string | undefined;
  readonly branch: string;
  readonly bucket?: string | undefined;
  readonly existingBucket?: boolean;
  readonly mainOnly?: boolean;
  readonly existingProvider?: boolean;
  readonly stateInBucket?: boolean;
  readonly workspacesOnly?: boolean;
  readonly planOnly?: boolean;
  readonly autoApprove?: boolean;
}

/** Effects of the bootstrap outside this process. */
export interface BootstrapTools {
  readonly environment: NodeJS.ProcessEnv;
  readonly fetch: typeof fetch;
  /** Writes a line for the user. */
  readonly say: (line: string) => void;
  /** Writes the stack as Terraform JSON, and returns the folder to run Terraform in. */
  readonly synthesize: (settings: Settings, props: BootstrapProps) => string | Promise<string>;
  /** True if Terraform can ask questions in a terminal. */
  readonly isInteractive: boolean;
  /** Runs Terraform in this terminal, and returns its exit code. */
  readonly terraform: (args: readonly string[], folder: string) => Promise<number>;
}

/** Command that prints `repo:` and then the name of the repository. It is right even where its `use_immutable_subject` is not. */
const HOW_TO_FIND_REPOSITORY = "gh api repos/OWNER/REPO/actions/oidc/customization/sub --jq .sub_claim_prefix";

/**
 * Makes the workspaces, then the stack of the bootstrap; returns the exit code of Terraform.
 * @throws UsageError when the options are wrong, or HCP Terraform refuses
 */
export async function bootstrapAccount(
  options: BootstrapOptions,
  settings: Settings,
  { environment, fetch, say, synthesize, isInteractive, terraform }: BootstrapTools,
): Promise<number> {
  const isCloud = settings.backend === "cloud";
  const { workspacesOnly, autoApprove, planOnly } = options;
  if (workspacesOnly && !isCloud) {
    say(`the backend ${settings.backend} has no workspaces`);
    return 0;
  }
  const props = workspacesOnly ? null : readProps(options, settings);
  if (props !== null && !planOnly && !autoApprove && !isInteractive) {
    throw new UsageError("bootstrap asks for approval, and there is no terminal to ask in; add `--auto-approve`");
  }
  if (isCloud && !planOnly) await makeWorkspaces({ settings, environment, ask: fetch }, say);
  if (props === null) return 0;

  const folder = await synthesize(settings, props);
  // Does nothing unless `--state-in-bucket` is new. Then Terraform asks whether to move the state.
  const initialized = await terraform(["init", "-migrate-state", ...(autoApprove ? ["-force-copy"] : [])], folder);
  if (initialized !== 0) return initialized;
  if (planOnly) return terraform(["plan"], folder);
  return terraform(["apply", ...(autoApprove ? ["-auto-approve"] : [])], folder);
}

// --- internal ---

/**
 * A repository as in the subjects of its tokens. If it was made, renamed or transferred since 15 July 2026, its subjects contain
 * ids, as OWNER@ID/REPO@ID. The names of an enterprise's managed users contain an underscore.
 *
 * @see https://docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims
 */
const REPOSITORY = /^[\w-]+(?:\/[\w.-]+|@\d+\/[\w.-]+@\d+)$/;

/** @throws UsageError with all problems */
function readProps(options: BootstrapOptions, { backend, stateBucket }: Settings): BootstrapProps {
  const isCloud = backend === "cloud";
  const { repository, branch, bucket = (isCloud ? null : stateBucket) ?? undefined } = options;
  const { mainOnly = false, existingBucket = false, existingProvider = false, stateInBucket = false } = options;
  const got = (value: string | undefined) => (value === undefined ? "nothing" : JSON.stringify(value));
  const problems: string[] = [];
  if (repository === undefined || !REPOSITORY.test(repository)) {
    problems.push(
      "`--repository` must be a repository on GitHub as OWNER/REPO or OWNER@ID/REPO@ID, " +
        `got: ${got(repository)}; \`${HOW_TO_FIND_REPOSITORY}\` prints it after \`repo:\``,
    );
  }
  if (!isCloud && (bucket === undefined || !BUCKET_NAME.test(bucket))) {
    problems.push(`\`--bucket\` must be ${BUCKET_NAME_RULE}, got: ${got(bucket)}`);
  }
  if (isCloud && bucket !== undefined) {
    problems.push(`\`--bucket\` must be left out with the backend cloud, which keeps the state, got: ${got(bucket)}`);
  }
  if (!isCloud && stateBucket !== null && bucket !== stateBucket) {
    problems.push(
      `\`--bucket\` must be the setting \`stateBucket\`, ${JSON.stringify(stateBucket)}, got: ${got(bucket)}`,
    );
  }
  if (stateInBucket && bucket === undefined) problems.push("`--state-in-bucket` needs `--bucket`");
  if (existingBucket && bucket === undefined) problems.push("`--existing-bucket` needs `--bucket`");
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  const flags = { mainOnly, existingBucket, existingProvider, stateInBucket };
  return { repository: repository!, branch, bucket: bucket ?? null, ...flags };
}
