/** The checks of `doctor` about buckets. */
import { createsDataBucket } from "../../project/names";
import type { findBucket, findDataBucket } from "./bucket-probes";
import { type Finding, failure, ok, warning } from "./finding";
import type { Known } from "./question";

/** Judges the bucket for states. */
export function judgeBucket(bucket: Awaited<ReturnType<typeof findBucket>>, { settings }: Known): Finding {
  const name = `s3, bucket ${settings.stateBucket}`;
  const region = settings.stateRegion ?? settings.region;
  if (bucket === "none") return failure(`${name}: it does not exist`, "create it, or set WORKFLOW_STATE_BUCKET");
  if (bucket === "refused") {
    return failure(`${name}: AWS refuses to show it`, "grant these credentials s3:ListBucket on it, or use others");
  }
  if (bucket.region !== null && bucket.region !== region) {
    return failure(`${name} is in ${bucket.region}, not in ${region}`, `set WORKFLOW_STATE_REGION=${bucket.region}`);
  }
  if (!bucket.versioned) {
    return warning(`${name} keeps no versions`, "switch on its versioning, so that a lost state can be restored");
  }
  return ok(name);
}

/** Judges the bucket for data, or the one that an earlier deploy left. */
export function judgeDataBucket(
  { name, found }: Awaited<ReturnType<typeof findDataBucket>>,
  { settings }: Known,
): Finding | null {
  const { data, region } = settings;
  if (data === "none") {
    if (found === "none" || found === "refused") return null;
    return warning(
      `${name} is left from a deploy with \`data\` create: a deploy neither changes nor destroys it`,
      "set WORKFLOW_DATA=create to use it again, or destroy it with `npx workflow destroy data --data`",
    );
  }
  const refused = `AWS refuses to show ${name}`;
  if (createsDataBucket(settings)) {
    if (found === "none") return ok(`${name}, which the next deploy creates`);
    if (found !== "refused") return ok(name);
    return failure(refused, "grant these credentials s3:ListBucket on it, or change `name` if another account has it");
  }
  if (found === "none") {
    return failure(`${name} does not exist`, "create it, correct the name in WORKFLOW_DATA, or set it to create");
  }
  if (found === "refused") {
    return warning(refused, "grant these credentials s3:ListBucket on it; the jobs need rights on it too");
  }
  if (found.region === null || found.region === region) return ok(name);
  return warning(
    `${name} is in ${found.region}, not in ${region}`,
    "use a bucket in the region of the workflow: Step Functions reads items only from there, and transfers cost money",
  );
}
