/** The comment's words about the data bucket and its protection. */
import { writeComment } from "../../../src/review/comment";
import { readPlan } from "../../../src/review/plan";

type Change = [type: string, before: object | null, after: object | null];

/** Returns the head of the comment on a data stack, without the first line. Another stack is deployed already. */
function headOf(...changes: Change[]): string[] {
  const bucket = { bucket: "echo-dev-1-euw1" };
  const resource_changes = changes.map(([type, before, after]) => ({
    address: `${type}.x`,
    type,
    change: {
      actions: [before === null ? "create" : after === null ? "delete" : "update"],
      before: before && { ...bucket, ...before },
      after: after && { ...bucket, ...after },
      after_unknown: {},
    },
  }));
  const plan = (resources: object[]) => readPlan({ format_version: "1.2", resource_changes: resources });
  const other = { address: "a.b", type: "a", change: { actions: ["no-op"], before: {}, after: {} } };
  const stacks = [
    { stack: "data", plan: plan(resource_changes), failure: null },
    { stack: "workflow", plan: plan([other]), failure: null },
  ];
  const review = { name: "echo", environment: "dev", region: "eu-west-1", running: [], image: null, problems: [] };
  const lines = writeComment({ ...review, stacks }).split("\n");
  return lines
    .slice(
      1,
      lines.findIndex((line) => line.startsWith("<")),
    )
    .filter((line) => line !== "");
}

const BLOCK = {
  block_public_acls: true,
  block_public_policy: true,
  ignore_public_acls: true,
  restrict_public_buckets: true,
};
const enabled = { versioning_configuration: [{ status: "Enabled" }] };
const rule = (id: string, more: object) => ({ id, status: "Enabled", ...more });

test.each<[string, Change[], string[]]>([
  [
    "a new bucket is named, with what protects it",
    [
      ["aws_s3_bucket", null, { force_destroy: false }],
      ["aws_s3_bucket_versioning", null, enabled],
      ["aws_s3_bucket_public_access_block", null, BLOCK],
    ],
    ["- new: bucket `echo-dev-1-euw1` (with versioning, block of public access)"],
  ],
  [
    "a bucket that is destroyed, with all that protects it",
    [
      ["aws_s3_bucket", { force_destroy: false }, null],
      ["aws_s3_bucket_versioning", enabled, null],
    ],
    [
      "> [!WARNING]",
      "> - **Destroyed**: `aws_s3_bucket.x`, `aws_s3_bucket_versioning.x`",
      "> - **Data destroyed**: bucket `echo-dev-1-euw1` (AWS refuses as long as it holds objects)",
    ],
  ],
  [
    "a bucket that is destroyed with its objects",
    [["aws_s3_bucket", { force_destroy: true }, null]],
    [
      "> [!WARNING]",
      "> - **Destroyed**: `aws_s3_bucket.x`",
      "> - **Data destroyed**: bucket `echo-dev-1-euw1` (with every object in it)",
    ],
  ],
  [
    "a destroy would delete the objects from now on",
    [["aws_s3_bucket", { force_destroy: false }, { force_destroy: true }]],
    [
      "> [!WARNING]",
      "> - **Protection of data turned off**: bucket `echo-dev-1-euw1`",
      "- bucket `echo-dev-1-euw1`: delete with objects false to true",
    ],
  ],
  [
    "versions are no longer kept",
    [["aws_s3_bucket_versioning", enabled, { versioning_configuration: [{ status: "Suspended" }] }]],
    [
      "> [!WARNING]",
      "> - **Protection of data turned off**: versioning of the bucket `echo-dev-1-euw1`",
      "- versioning of the bucket `echo-dev-1-euw1`: status Enabled to Suspended",
    ],
  ],
  [
    "the versioning goes, and the bucket stays",
    [["aws_s3_bucket_versioning", enabled, null]],
    [
      "> [!WARNING]",
      "> - **Destroyed**: `aws_s3_bucket_versioning.x`",
      "> - **Protection of data turned off**: versioning of the bucket `echo-dev-1-euw1`",
    ],
  ],
  [
    "two gates open to the public",
    [["aws_s3_bucket_public_access_block", BLOCK, { ...BLOCK, block_public_acls: false, block_public_policy: false }]],
    [
      "> [!WARNING]",
      "> - **Protection of data turned off**: block of public access of the bucket `echo-dev-1-euw1`",
      "- block of public access of the bucket `echo-dev-1-euw1`: block ACLs true to false, block policies true to false",
    ],
  ],
  [
    "the bucket becomes safer",
    [["aws_s3_bucket_versioning", { versioning_configuration: [{ status: "Suspended" }] }, enabled]],
    ["- versioning of the bucket `echo-dev-1-euw1`: status Suspended to Enabled"],
  ],
  [
    "objects expire",
    [
      [
        "aws_s3_bucket_lifecycle_configuration",
        { rule: [rule("old", { noncurrent_version_expiration: [{ noncurrent_days: 30 }] })] },
        {
          rule: [
            rule("old", { noncurrent_version_expiration: [{ noncurrent_days: 7 }] }),
            rule("all", { expiration: [{ days: 90 }] }),
          ],
        },
      ],
    ],
    [
      "- expiry in the bucket `echo-dev-1-euw1`: rule added: `all` (`objects after 90 days`), rule `old` `old versions after 30 days` to `old versions after 7 days`",
    ],
  ],
])("%s", (_, changes, lines) => {
  expect(headOf(...changes)).toEqual(lines);
});
