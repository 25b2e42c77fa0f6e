import { withJobs } from "../../../src/review/job-roles";
import type { PermissionChange } from "../../../src/review/permissions-diff";
import { readPlan } from "../../../src/review/plan";

const type = "aws_batch_job_definition";
const change = (owner: string): PermissionChange => ({
  ...{ address: "a.b", attribute: "policy", owner, isPutBack: false, effect: "widens", isBroad: false, lines: [] },
});

test("a role that a job has is named with the job, also if only the apply makes the role", () => {
  const plan = readPlan({
    format_version: "1.2",
    resource_changes: [
      {
        ...{ address: `${type}.old`, type },
        change: {
          actions: ["no-op"],
          before: {
            name: "echo_dev_align",
            container_properties: JSON.stringify({
              jobRoleArn: "arn:aws:iam::123456789012:role/path/echo_dev_align_j",
            }),
          },
        },
      },
      {
        ...{ address: `${type}.new`, type },
        change: {
          ...{ actions: ["create"], before: null, after: { name: "echo_dev_train" } },
          after_unknown: { container_properties: true },
        },
      },
      {
        ...{ address: "aws_iam_role.train", type: "aws_iam_role" },
        change: {
          actions: ["create"],
          before: null,
          after: { name: "echo_dev_train_j" },
          after_unknown: { arn: true },
        },
      },
    ],
    configuration: {
      root_module: {
        resources: [
          {
            address: `${type}.new`,
            expressions: {
              container_properties: { constant_value: '{"jobRoleArn":"${aws_iam_role.train.arn}"}' },
            },
          },
        ],
      },
    },
  });
  const owners = ["echo_dev_align_j", "echo_dev_train_j", "echo_dev_states"];
  expect(withJobs(owners.map(change), plan, "echo_dev").map(({ owner }) => owner)).toEqual([
    "echo_dev_align_j (job align)",
    "echo_dev_train_j (job train)",
    "echo_dev_states",
  ]);
});

test("a role that several jobs have is named with the first", () => {
  const job = (name: string) => ({
    ...{ address: `${type}.${name}`, type },
    change: {
      actions: ["no-op"],
      before: { name, container_properties: JSON.stringify({ jobRoleArn: "arn:aws:iam::123456789012:role/shared" }) },
    },
  });
  const plan = readPlan({ format_version: "1.2", resource_changes: [job("a"), job("b"), job("c")] });
  expect(withJobs([change("shared")], plan, "echo_dev").map(({ owner }) => owner)).toEqual([
    "shared (job a and 2 more)",
  ]);
});
