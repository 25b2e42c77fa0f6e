/** Generates plans as `terraform show -json` prints them: of this project's stacks, changed and hostile. */
import fc from "fast-check";
import type { Json, JsonObject } from "../../src/base/json";
import { tameDocument } from "./documents";
import { expand, giant } from "./giants";
import { mutate, mutations } from "./mutations";
import { hostileText, json, objectOf, text } from "./texts";

const word: fc.Arbitrary<string> = fc.oneof({ weight: 2, arbitrary: hostileText }, { weight: 1, arbitrary: text });
const TYPES = [
  "aws_iam_role_policy",
  "aws_iam_role",
  "aws_iam_policy",
  "aws_sfn_state_machine",
  "aws_batch_job_definition",
  "aws_batch_job_queue",
  "aws_s3_bucket",
  "aws_s3_bucket_versioning",
  "aws_s3_bucket_lifecycle_configuration",
  "aws_scheduler_schedule",
  "docker_image",
  "docker_registry_image",
  "aws_ecr_repository",
  "x",
];
const ACTIONS = [
  ["no-op"],
  ["create"],
  ["read"],
  ["update"],
  ["delete"],
  ["forget"],
  ["delete", "create"],
  ["create", "delete"],
  ["create", "forget"],
  [],
  ["explode"],
];

const statement: fc.Arbitrary<Json> = fc.record(
  {
    Sid: word,
    Effect: fc.constantFrom("Allow", "Deny", "Maybe"),
    Action: fc.oneof(
      word,
      fc.array(fc.constantFrom("s3:*", "s3:Get*", "*", "iam:PassRole", "batch:SubmitJob", "x"), { maxLength: 3 }),
    ),
    NotAction: word,
    Resource: fc.oneof(word, fc.array(word, { maxLength: 2 }), fc.constant("*")),
    NotResource: word,
    Condition: json,
    Principal: json,
  },
  { requiredKeys: ["Action"] },
) as fc.Arbitrary<Json>;
const policy = fc
  .oneof(fc.array(statement, { maxLength: 3 }) as fc.Arbitrary<Json>, statement)
  .map((Statement) => JSON.stringify({ Version: "2012-10-17", Statement }));

const definition = fc.oneof(
  { weight: 4, arbitrary: tameDocument.map((one) => expand(one)) },
  { weight: 1, arbitrary: word },
);

const names = fc.constantFrom("A", "B", "__proto__", "1");
const named = (name: string, value: string) =>
  fc.array(fc.record({ [name]: fc.oneof(names, word), [value]: fc.oneof(word, json) }), { maxLength: 3 });

/** The container of a job, with lists of named items. */
const container = fc
  .record(
    {
      environment: named("name", "value"),
      secrets: named("name", "valueFrom"),
      volumes: named("name", "efsVolumeConfiguration"),
      mountPoints: named("containerPath", "sourceVolume"),
      resourceRequirements: named("type", "value"),
      linuxParameters: json,
      readonlyRootFilesystem: fc.boolean(),
      enableExecuteCommand: fc.boolean(),
      jobRoleArn: fc.oneof(word, fc.constant("${aws_iam_role.a.arn}"), fc.constant("arn:aws:iam::1:role/a")),
    },
    { requiredKeys: [] },
  )
  .map((one) => JSON.stringify(one));

const attributes: fc.Arbitrary<Json> = fc
  .record(
    {
      name: word,
      arn: word,
      role: word,
      policy: fc.oneof(policy, word),
      assume_role_policy: policy,
      definition,
      tags: fc.array(fc.tuple(word, word as fc.Arbitrary<Json>), { maxLength: 2 }).map(objectOf),
      bucket: fc.constantFrom("a", "b"),
      force_destroy: fc.oneof(fc.boolean(), json),
      versioning_configuration: json,
      rule: fc.oneof(json, named("id", "expiration")),
      retry_strategy: fc.oneof(json, fc.array(fc.record({ evaluate_on_exit: json }), { maxLength: 2 })),
      target: json,
      compute_environment_order: named("compute_environment", "order"),
      container_properties: fc.oneof(
        word,
        container,
        json.map((one) => JSON.stringify(one)),
      ),
      keep_locally: fc.boolean(),
      keep_remotely: fc.boolean(),
      list: json,
    },
    { requiredKeys: [] },
  )
  .map((one) => one as unknown as Json);

const mask: fc.Arbitrary<Json> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<Json>({}, false) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Json>(true, { name: true }, { tags: true }, { list: [true] }, { policy: true }, null),
  },
  { weight: 1, arbitrary: json },
);

const change: fc.Arbitrary<JsonObject> = fc
  .record({
    actions: fc.constantFrom(...ACTIONS),
    before: fc.oneof({ weight: 4, arbitrary: attributes }, { weight: 1, arbitrary: json }),
    after: fc.oneof({ weight: 4, arbitrary: attributes }, { weight: 1, arbitrary: json }),
    after_unknown: mask,
    before_sensitive: mask,
    after_sensitive: mask,
    replace_paths: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(fc.array(fc.oneof(word, fc.nat(3)), { maxLength: 3 }), { maxLength: 2 }) },
    ),
    importing: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.record({ id: word }) }),
  })
  .map((one) => one as unknown as JsonObject);

const resource: fc.Arbitrary<Json> = fc
  .record(
    {
      address: fc.oneof(word, fc.constantFrom("aws_iam_role_policy.a", "docker_image.b", "module.m.aws_x.y[0]")),
      type: fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...TYPES) }, { weight: 1, arbitrary: word }),
      mode: fc.constantFrom("managed", "data"),
      name: word,
      change,
      previous_address: word,
      deposed: word,
      action_reason: fc.constantFrom(
        "replace_because_tainted",
        "replace_by_request",
        "replace_because_cannot_update",
        "x",
      ),
    },
    { requiredKeys: ["address", "type", "mode", "change"] },
  )
  .map((one) => one as unknown as Json);

const whole: fc.Arbitrary<Json> = fc
  .record(
    {
      format_version: fc.oneof(
        { weight: 20, arbitrary: fc.constant("1.2") },
        { weight: 1, arbitrary: fc.constantFrom("1.0", "2.0", "") },
      ),
      terraform_version: word,
      resource_changes: fc.array(resource, { maxLength: 4 }),
      resource_drift: fc.array(resource, { maxLength: 1 }),
      output_changes: fc.array(fc.tuple(word, change as fc.Arbitrary<Json>), { maxLength: 2 }).map(objectOf),
      errored: fc.oneof({ weight: 20, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
      complete: fc.boolean(),
      prior_state: fc.constantFrom<Json>(
        {},
        { values: { root_module: { resources: [] } } },
        { values: { root_module: { child_modules: [{ resources: [{}] }] } } },
        null,
      ),
      configuration: fc.constantFrom<Json>(
        {},
        {
          root_module: {
            resources: [{ address: "aws_iam_role_policy.a", expressions: { policy: { references: ["aws_x.y.arn"] } } }],
          },
        },
        { root_module: null },
      ),
    },
    { requiredKeys: ["format_version", "resource_changes"] },
  )
  .map((one) => one as unknown as Json);

const KEYS = [
  "resource_changes",
  "change",
  "actions",
  "before",
  "after",
  "after_unknown",
  "before_sensitive",
  "after_sensitive",
  "address",
  "type",
  "policy",
  "definition",
  "replace_paths",
  "output_changes",
  "prior_state",
  "configuration",
  "root_module",
  "resources",
  "expressions",
  "references",
];
const VALUES: readonly Json[] = [
  null,
  {},
  [],
  "",
  "x",
  true,
  1,
  ["create"],
  { policy: "{" },
  '{"Statement":[null]}',
  '{"States":{"a":null}}',
  '{"StartAt":"a","States":{"a":{"Type":"Map"}}}',
];

/** Returns the text of a plan. */
export const planText: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(
      { weight: 20, arbitrary: whole },
      { weight: 1, arbitrary: json },
      {
        weight: 1,
        arbitrary: giant("deep-list", "deep-object", "long-list", "many-keys", "long-text", "many-lines").map(
          (marker): Json => ({
            format_version: "1.2",
            resource_changes: [
              {
                address: "a.b",
                type: "a",
                mode: "managed",
                change: { actions: ["update"], before: {}, after: { value: marker } },
              },
            ],
          }),
        ),
      },
      {
        weight: 1,
        arbitrary: giant("chain-document", "dense-document").map(
          (marker): Json => ({
            format_version: "1.2",
            resource_changes: [
              {
                address: "s.m",
                type: "aws_sfn_state_machine",
                mode: "managed",
                change: { actions: ["update"], before: { definition: "{}" }, after: { definition: marker } },
              },
            ],
          }),
        ),
      },
    ),
    fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: mutations(KEYS, VALUES, 2) }),
  )
  .map(([one, changes]) => quoted(mutate(one, changes)));

/** A plan contains the definition as JSON text inside a string. */
function quoted(plan: Json): string {
  return expand(plan).replaceAll(
    /"definition":(\{"StartAt"(?:[^"\\]|"(?:[^"\\]|\\.)*")*?\}\}\})/g,
    (_, text: string) => `"definition":${JSON.stringify(text)}`,
  );
}
