/** Generates settings: the context and the text of cdktf.json, and environment variables. */
import fc from "fast-check";
import type { Json, JsonObject } from "../../src/base/json";
import { CONTEXT } from "../example";
import { expand, giant, rawNumber } from "./giants";
import { editText, mutate, mutations, textEdits } from "./mutations";
import { json, text } from "./texts";

// biome-ignore format: a list
const NAMES = [
  "name", "environment", "region", "document", "compute", "architecture", "instanceTypes", "maxVcpus", "network", "subnets", "assignPublicIp", "stuckJobSeconds", "imageTagMutability",
  "keptImages", "logRetentionDays", "tracing", "permissionsBoundary", "notify", "data", "schedule", "onObject", "backend", "stateBucket", "stateRegion", "cloudOrganization", "cloudHostname", "jobs",
  "substitutions", "statements",
];
const JOB_FIELDS = [
  "image",
  "vcpus",
  "memoryMiB",
  "timeoutSeconds",
  "attempts",
  "command",
  "parameters",
  "localCommand",
  "gpus",
  "echo",
];
// biome-ignore format: a list
const WORDS = [
  "echo", "dev", "feature/X", "eu-west-1", "EC2", "SPOT", "FARGATE", "FARGATE_SPOT", "ARM64", "X86_64", "m7g.large", "r4.large,m5", "10", "0", "99999", "-1", "1e3", "true", "false", "yes", "default",
  "create", "vpc-0", "vpc-0abc", "subnet-0a,subnet-0b", "600", "IMMUTABLE", "30", "31", "arn:aws:iam::123456789012:policy/x", "arn:aws:iam::aws:policy/x", "a@b.co", "s3", "local", "cloud",
  "my-bucket", "my..bucket", "org-name", "app.terraform.io", "a:1", "${Region}", "${!x", "Allow", "s3:GetObject", "arn:aws:s3:::a", "../x.asl.json", "/etc/passwd", "x.asl.json", ".asl.json", "image", ".", "..", "/", "C:\\x", "none",
];
const values: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<Json>(...WORDS) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Json>(
      0,
      1,
      0.25,
      0.5,
      2,
      4,
      10,
      512,
      1024,
      60,
      3600,
      30,
      600,
      86_400,
      -1,
      1.5,
      true,
      false,
      null,
      [],
      {},
    ),
  },
  { weight: 2, arbitrary: json },
  { weight: 1, arbitrary: rawNumber as fc.Arbitrary<Json> },
);

const contextValue: fc.Arbitrary<Json> = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...NAMES.filter((name) => name !== "jobs" && name !== "document")), values, {
      maxKeys: 3,
      noNullPrototype: true,
    }),
    mutations([...NAMES, ...JOB_FIELDS], [...WORDS, null, 0, 1, [], {}, ["x"]]),
  )
  .map(([more, changes]) => mutate({ ...(CONTEXT as unknown as JsonObject), ...more }, changes));

/** A context, with the other content of cdktf.json. */
export const cdktfJson: fc.Arbitrary<Buffer> = fc
  .tuple(
    contextValue,
    fc.oneof(
      { weight: 8, arbitrary: fc.constant<Json>({ language: "typescript", app: "node main.js" }) },
      {
        weight: 1,
        arbitrary: fc.dictionary(fc.constantFrom(...NAMES, "context"), values, {
          maxKeys: 2,
          noNullPrototype: true,
        }) as fc.Arbitrary<Json>,
      },
      {
        weight: 1,
        arbitrary: fc.oneof(
          json,
          giant("deep-list", "deep-object", "long-list", "many-keys", "long-text") as fc.Arbitrary<Json>,
        ),
      },
    ),
    textEdits,
  )
  .map(([context, head, edits]) => {
    const isObject = head !== null && typeof head === "object" && !Array.isArray(head);
    return editText(expand(isObject ? { ...head, context } : head, 2), edits);
  });

const variable = (name: string) => `WORKFLOW_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
const VARIABLES = [...NAMES.map(variable), "AWS_REGION", "WORKFLOW_COMPUT", "WORKFLOW_", "WORKFLOW_JOBS", "NO_COLOR"];

/** Environment variables without NUL, which no process can receive. */
export const environment: fc.Arbitrary<Readonly<Record<string, string>>> = fc.dictionary(
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...VARIABLES) },
    { weight: 1, arbitrary: text.map((name) => `WORKFLOW_${name}`) },
  ),
  fc
    .oneof(
      { weight: 6, arbitrary: fc.constantFrom(...WORDS) },
      { weight: 2, arbitrary: text },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 100_000 }).map((length) => "v".repeat(length)) },
    )
    .map((value) => value.replaceAll("\0", "")),
  { maxKeys: 3, noNullPrototype: true },
);
