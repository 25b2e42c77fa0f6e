/** The bucket for data in a destroy. It stays unless the user includes it, and its objects stay unless the user says so. */
import { type BucketContents, describeContents, holdsObjects, type OwnBucket } from "../../aws/bucket-contents";
import { every } from "../../base/clock";
import { UsageError } from "../../base/errors";
import { say } from "../../base/message";
import { count } from "../../base/terminal-text";
import { accountIn, createsDataBucket, DATA_STACK, dataBucketName } from "../../project/names";
import type { Settings } from "../../project/settings-types";
import type { Aws } from "../aws";
import type { Deployed } from "../deployed";
import { PROGRESS_MILLISECONDS } from "../printing";
import type { Session } from "../session";
import { isNamed } from "./choose-stacks";
import type { LifecycleRequest } from "./lifecycle-flags";
import type { StackRun } from "./stack-run";

/** The bucket that a deployment creates for data, and the destroy that is about to take or to leave it. */
export interface DataInDestroy {
  readonly aws: Aws;
  readonly bucket: OwnBucket;
  readonly request: LifecycleRequest;
  readonly run: StackRun;
  readonly session: Session;
}

/** The agreed fate of the bucket. `empty`: its objects are deleted first. */
type Agreement = "refused" | "destroy" | "empty";

/** @throws UsageError if the flags and the names of stacks contradict each other */
export function refuseUnclearData(request: LifecycleRequest): void {
  const { stacks, data, deleteObjects } = request;
  if (deleteObjects && !data) {
    throw new UsageError("`--delete-objects` empties the bucket for data before it is destroyed; add `--data`");
  }
  if (!data && stacks.includes(DATA_STACK)) {
    throw new UsageError(
      `\`${DATA_STACK}\` holds the bucket for data, which a destroy leaves; add \`--data\` to destroy it`,
    );
  }
  if (data && !isNamed(DATA_STACK, request)) {
    throw new UsageError(
      `\`--data\` destroys the bucket for data, but the stacks are ${stacks.join(", ")}; name \`${DATA_STACK}\` too, or leave out \`--data\``,
    );
  }
}

/** Returns the bucket that a deployment creates for data. It need not exist. */
export function bucketForData(
  { aws, stateMachineArn }: Deployed,
  settings: Settings,
): Pick<DataInDestroy, "aws" | "bucket"> {
  const accountId = accountIn(stateMachineArn);
  const { region } = settings;
  return { aws, bucket: { name: dataBucketName(settings, accountId, region), accountId, region } };
}

/**
 * Asks before objects are deleted. Objects that are written after a question was not needed are not deleted without one.
 * @throws UsageError if the bucket holds objects, and the user has not said that they may be deleted
 */
export async function agreeToDestroyData(data: DataInDestroy): Promise<Agreement> {
  const { aws, bucket, request, run, session } = data;
  const contents = await aws.bucketContents(bucket, run.signal);
  if (contents === null) return "destroy";
  const held = `the bucket for data, ${bucket.name}, holds ${describeContents(contents)}`;
  if (holdsObjects(contents) && !request.deleteObjects) {
    throw new UsageError(
      `nothing was stopped or destroyed: ${held}; add \`--delete-objects\` to delete them for good, or leave out \`--data\` to keep them`,
    );
  }
  if (!(await run.initialize(DATA_STACK))) return "refused";
  if (!(await isInState(data))) {
    session.stderr.write(
      `nothing was stopped or destroyed: ${held}, and is not in the state of the backend \`${run.settings.backend}\`; set WORKFLOW_BACKEND and WORKFLOW_STATE_BUCKET as they were for its deploy\n`,
    );
    return "refused";
  }
  if (request.autoApprove) return request.deleteObjects ? "empty" : "destroy";
  if (!holdsObjects(contents)) return "destroy";
  const question = `${held}. They will be deleted for good. Type the name of the bucket to agree: `;
  if ((await session.ask!(question, run.signal)).trim() === bucket.name) return "empty";
  session.stderr.write("nothing was stopped or destroyed\n");
  return "refused";
}

/** Deletes everything in the bucket. After an interruption, the same command deletes the rest. */
export async function deleteObjects({ aws, bucket, run, session }: DataInDestroy): Promise<void> {
  const { clock, stderr } = session;
  const isDue = every(PROGRESS_MILLISECONDS, clock);
  let total = 0;
  const deleted = (sofar: number) => {
    total = sofar;
    if (isDue()) say(stderr, `deleted ${count(total)} objects and versions so far`);
  };
  try {
    total = await aws.emptyBucket(bucket, { signal: run.signal, deleted });
  } catch (error) {
    say(stderr, `deleted ${count(total)} objects and versions from ${bucket.name}; the same command deletes the rest`);
    throw error;
  }
  if (total > 0) say(stderr, `deleted ${count(total)} objects and versions from ${bucket.name}`);
}

/** Says that the bucket is still there, and how to destroy it. */
export async function sayKept(data: DataInDestroy): Promise<void> {
  const contents = await contentsIfShown(data);
  if (contents === null) return;
  const held = contents === "unknown" ? "" : ` It holds ${describeContents(contents)}.`;
  data.session.stderr.write(
    `kept the bucket for data, ${data.bucket.name}.${held} \`npx workflow destroy --data\` destroys it too\n`,
  );
}

// --- internal ---

/** Returns whether Terraform would destroy the bucket. */
async function isInState({ bucket, run }: DataInDestroy): Promise<boolean> {
  const { resources = [] } = (await run.read(DATA_STACK, "state", "pull")) as {
    resources?: readonly { type: string; instances: readonly { attributes?: { bucket?: string } }[] }[];
  };
  return resources.some(
    ({ type, instances }) =>
      type === "aws_s3_bucket" && instances.some(({ attributes }) => attributes?.bucket === bucket.name),
  );
}

/** Returns the contents; `null` if there is no bucket. A user with the right to destroy a deployment may lack the right to list it. */
async function contentsIfShown({ aws, bucket, run }: DataInDestroy): Promise<BucketContents | "unknown" | null> {
  try {
    return await aws.bucketContents(bucket, run.signal);
  } catch {
    run.signal.throwIfAborted();
    return createsDataBucket(run.settings) ? "unknown" : null;
  }
}
