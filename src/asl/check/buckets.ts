import { asObject, type Json, type JsonObject } from "../../base/json";
import { givenRequest, isJsonataText } from "../query-language";
import { s3ActionOf } from "../s3-calls";
import { type Finding, hint } from "./problem";
import type { CheckedState, Subject } from "./subject";

/** Finds buckets whose objects the local run looks for in the folder `data/`. Reports each bucket once. */
export function* findOtherBuckets({
  states,
  local,
  mocked,
  placeholders,
}: Subject): Generator<Finding, void, undefined> {
  if (!local) return;
  const seen = new Set<string>();
  for (const location of states) {
    if (mocked?.has(location.name)) continue;
    for (const { caller, pointer } of s3Callers(location)) {
      const field = caller.Parameters === undefined ? "Arguments" : "Parameters";
      const bucket = asObject(givenRequest(caller)).Bucket;
      if (!isName(bucket) || seen.has(bucket)) continue;
      seen.add(bucket);
      const message = `the local run uses the folder data/ for every bucket, also for ${bucket}`;
      const ours = placeholders === null ? "" : ', or write "${DataBucket}" for the bucket of this project';
      yield hint("local-bucket", `${pointer}/${field}/Bucket`, message, `put its objects into data/${ours}`);
    }
  }
}

/** Returns the parts of a state that call S3 here. */
export function s3Callers({ state, pointer }: CheckedState): { caller: JsonObject; pointer: string }[] {
  if (state.Type === "Task") return s3ActionOf(state.Resource) === null ? [] : [{ caller: state, pointer }];
  return ["ItemReader", "ResultWriter"].map((part) => ({
    caller: asObject(state[part]),
    pointer: `${pointer}/${part}`,
  }));
}

// --- internal ---

function isName(bucket: Json | undefined): bucket is string {
  return typeof bucket === "string" && bucket !== "" && !bucket.includes("${") && !isJsonataText(bucket);
}
