/** The events of S3 with which `onObject` starts executions. */
import type { CheckInput } from "../asl/check/check-document";
import { error, type Finding } from "../asl/check/problem";
import { inputMistakes } from "../asl/input";
import type { JsonObject } from "../base/json";
import { dataBucketOf } from "./names";
import { DATA_BUCKET_PLACEHOLDER } from "./project-placeholders";
import type { Settings } from "./settings-types";

/**
 * Returns an example of the input: the detail of an event of a bucket with versions.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export function exampleObjectEvent(bucket: string, key: string): JsonObject {
  return {
    version: "0",
    bucket: { name: bucket },
    object: {
      key,
      size: 1024,
      etag: "b1946ac92492d2347c6235b4d2611184",
      "version-id": "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e",
      sequencer: "00617F08299329D189",
    },
    "request-id": "N4N7GDK58NMKJ12R",
    requester: "123456789012",
    "source-ip-address": "192.0.2.1",
    reason: "PutObject",
  };
}

/** Finds the parts of the schema of the input that no event fits. The problem is one of the settings. */
export function findUnfitObjectEvent(settings: Settings, schema: JsonObject | null): Finding[] {
  const bucket = dataBucketOf(settings, "123456789012");
  if (settings.onObject === null || bucket === null || schema === null) return [];
  const mistakes = inputMistakes(schema, exampleObjectEvent(bucket, `${settings.onObject}example`));
  const ofStructure = mistakes.filter(({ keyword }) => !OF_VALUES.includes(keyword ?? ""));
  // A choice of schemas may fail only because of the values of the example.
  const isOpen =
    ofStructure.length < mistakes.length && ofStructure.some(({ keyword }) => CHOICES.includes(keyword ?? ""));
  if (isOpen) return [];
  const [first, ...others] = ofStructure.map(({ message }) => message);
  if (first === undefined) return [];
  const rest = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return [
    error(
      "object-event",
      "/context/onObject",
      `\`onObject\` starts executions with an event of S3, which the schema of the input does not accept: ${first}${rest}`,
      "change the schema as docs/deploying.md shows the event, or remove `onObject`",
    ),
  ];
}

/** Returns the objects that start the workflow, for the check of the document. */
export function startedBy({ onObject, data }: Settings): Pick<CheckInput, "startedBy"> {
  if (onObject === null) return {};
  return { startedBy: { buckets: [`\${${DATA_BUCKET_PLACEHOLDER}}`, data], prefix: onObject } };
}

// --- internal ---

/** Keywords about a value that another event may meet, such as the pattern of a key. */
const OF_VALUES = [
  ...["const", "enum", "format", "maxLength", "minLength", "pattern"],
  ...["exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"],
];
const CHOICES = ["anyOf", "oneOf", "not"];
