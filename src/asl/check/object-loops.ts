import { asObject, type Json, type JsonObject } from "../../base/json";
import { quote } from "../../base/text";
import { givenRequest, isJsonataText } from "../query-language";
import { s3ActionOf } from "../s3-calls";
import { s3Callers } from "./buckets";
import { type Finding, warning } from "./problem";
import type { Subject } from "./subject";

/** Finds the states that write an object which starts the workflow again, as far as the document shows it. */
export function* findObjectLoops({ states, startedBy }: Subject): Generator<Finding, void, undefined> {
  if (startedBy === undefined) return;
  for (const location of states) {
    for (const { caller, pointer } of s3Callers(location)) {
      const request = asObject(givenRequest(caller));
      const written = writtenKeys(caller, request);
      if (written === null || isOtherBucket(request.Bucket, startedBy.buckets) || !written.startsWith(startedBy.prefix))
        continue;
      const keys = startedBy.prefix === "" ? "the data bucket" : `keys that start with ${quote(startedBy.prefix)}`;
      yield warning(
        "object-loop",
        pointer,
        `it writes to ${keys}, and \`onObject\` starts the workflow for each such object: again and again`,
        "write below another prefix",
      );
    }
  }
}

// --- internal ---

/** Returns whether a bucket is surely another one. A bucket that is known only when the state runs may be the one of the event. */
function isOtherBucket(bucket: Json | undefined, ours: readonly string[]): boolean {
  return typeof bucket === "string" && !isJsonataText(bucket) && !ours.includes(bucket);
}

/** Returns the start of the keys that a call writes, as far as the document has it; `null` if the call writes nothing. */
function writtenKeys(caller: JsonObject, request: JsonObject): string | null {
  const action = s3ActionOf(caller.Resource);
  if (action === "putObject" || action === "copyObject") return startOf(request, "Key");
  if (action !== null || typeof caller.Resource !== "string" || !caller.Resource.endsWith(":s3:putObject")) return null;
  const folder = startOf(request, "Prefix");
  return typeof request.Prefix === "string" ? `${folder}/` : folder;
}

/** Returns the text of a field, or the text that an expression begins with. */
function startOf(request: JsonObject, field: string): string {
  const text = (value: Json | undefined) => (typeof value === "string" ? value : "");
  const format = /^States\.Format\('([^'{\\]*)/.exec(text(request[`${field}.$`]))?.[1];
  const value = text(request[field]);
  if (!isJsonataText(value)) return value || (format ?? "");
  return /^\{%\s*(?:'([^'\\]*)'|"([^"\\]*)")/.exec(value)?.slice(1).find(Boolean) ?? "";
}
