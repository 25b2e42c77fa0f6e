import { changesInWords } from "../../../src/review/in-words";
import { readPlan } from "../../../src/review/plan";

const properties = (more: object) =>
  JSON.stringify({
    image: "registry/echo_dev_echo:a1",
    resourceRequirements: [
      { type: "VCPU", value: "1" },
      { type: "MEMORY", value: "512" },
    ],
    ...more,
  });

/** Returns the lines about a resource whose values change from `before` to `after`. */
function said(type: string, before: object, after: object, more: object = {}): string[] {
  const change = { actions: ["update"], before, after, after_unknown: {}, ...more };
  return changesInWords(
    [readPlan({ format_version: "1.2", resource_changes: [{ address: `${type}.x`, type, change }] })],
    "echo_dev",
  );
}

test.each<[string, object, object, string]>([
  [
    "aws_batch_job_definition",
    { name: "echo_dev_align", container_properties: properties({}) },
    {
      name: "echo_dev_align",
      container_properties: properties({
        resourceRequirements: [
          { type: "VCPU", value: "1" },
          { type: "MEMORY", value: "1024" },
        ],
      }),
    },
    "job `align`: memory 512 MiB to 1024 MiB",
  ],
  [
    "aws_batch_job_definition",
    { name: "echo_dev_align", timeout: [{ attempt_duration_seconds: 60 }], retry_strategy: [{ attempts: 1 }] },
    { name: "echo_dev_align", timeout: [{ attempt_duration_seconds: 90 }], retry_strategy: [{ attempts: 3 }] },
    "job `align`: timeout 60 s to 90 s, attempts 1 to 3",
  ],
  [
    "aws_batch_job_definition",
    { name: "echo_dev_align", container_properties: properties({ command: ["sh"] }) },
    { name: "echo_dev_align", container_properties: properties({ command: ["sh", "-c", "`rm`"] }) },
    'job `align`: command `["sh"]` to `` ["sh","-c","`rm`"] ``',
  ],
  [
    "aws_batch_compute_environment",
    { name: "echo_dev-1", state: "DISABLED", compute_resources: [{ type: "SPOT", max_vcpus: 8 }] },
    { name: "echo_dev-1", state: "ENABLED", compute_resources: [{ type: "SPOT", max_vcpus: 16 }] },
    "compute environment `echo_dev-1`: max vCPUs 8 to 16, state DISABLED to ENABLED",
  ],
  [
    "aws_batch_job_queue",
    { name: "echo_dev", priority: 1 },
    { name: "echo_dev", priority: 2 },
    "job queue `echo_dev`: priority 1 to 2",
  ],
  [
    "docker_registry_image",
    { name: "registry:80/team/echo_dev_align:a1" },
    { name: "registry:80/team/echo_dev_align:b2" },
    "image `align`: tag a1 to b2",
  ],
  [
    "aws_cloudwatch_log_group",
    { name: "/aws/batch/echo_dev", retention_in_days: 30 },
    { name: "/aws/batch/echo_dev", retention_in_days: null },
    "log group `/aws/batch/echo_dev`: retention 30 days to none",
  ],
  [
    "aws_batch_job_queue",
    {
      name: "echo_dev",
      compute_environment_order: [
        { order: 1, compute_environment: "arn:aws:batch:eu-west-1:123456789012:compute-environment/echo_dev-1" },
      ],
    },
    {
      name: "echo_dev",
      compute_environment_order: [
        { order: 1, compute_environment: "arn:aws:batch:eu-west-1:123456789012:compute-environment/echo_dev-2" },
        { order: 2, compute_environment: "arn:aws:batch:eu-west-1:123456789012:compute-environment/echo_dev-1" },
      ],
    },
    'job queue `echo_dev`: compute environments `["echo_dev-1"]` to `["echo_dev-2","echo_dev-1"]`',
  ],
  [
    "aws_batch_job_queue",
    { name: "echo_dev", job_state_time_limit_action: [{ reason: "A", max_time_seconds: 600 }] },
    {
      name: "echo_dev",
      job_state_time_limit_action: [
        { reason: "B", max_time_seconds: 900 },
        { reason: "A", max_time_seconds: 900 },
      ],
    },
    "job queue `echo_dev`: time limit added: `B` (`900 s`), time limit `A` `600 s` to `900 s`",
  ],
  [
    "aws_scheduler_schedule",
    {
      name: "echo_dev_schedule",
      schedule_expression: "rate(1 day)",
      schedule_expression_timezone: "UTC",
      target: [{ input: '{"a":1}', role_arn: "arn:aws:iam::123456789012:role/a" }],
    },
    {
      name: "echo_dev_schedule",
      schedule_expression: "cron(0 6 * * ? *)",
      schedule_expression_timezone: "Europe/Berlin",
      target: [{ input: '{"a":2}', role_arn: "arn:aws:iam::123456789012:role/a" }],
    },
    'schedule `schedule`: time `rate(1 day)` to `cron(0 6 * * ? *)`, time zone UTC to `Europe/Berlin`, input `{"a":1}` to `{"a":2}`',
  ],
  [
    "aws_cloudwatch_event_rule",
    { name: "echo_dev_object", event_pattern: '{"detail":{"object":{"key":[{"prefix":"in/"}]}}}' },
    { name: "echo_dev_object", event_pattern: '{"detail":{"object":{"key":[{"prefix":"new/"}]}}}' },
    'rule for events `object`: pattern `{"detail":{"object":{"key":[{"prefix":"in/"}]}}}` to `{"detail":{"object":{"key":[{"prefix":"new/"}]}}}`',
  ],
  [
    "aws_cloudwatch_event_target",
    { rule: "echo_dev_failed", arn: "arn:aws:sns:eu-west-1:123456789012:a" },
    { rule: "echo_dev_failed", arn: "arn:aws:sns:eu-west-1:123456789012:b" },
    "target of the rule for events `failed`: target a to b",
  ],
  [
    "aws_sns_topic_subscription",
    { endpoint: "me@example.com", protocol: "email" },
    { endpoint: "you@example.com", protocol: "email" },
    "subscription of `me@example.com`: endpoint `me@example.com` to `you@example.com`",
  ],
  ["aws_other", { size: 1, tags: { a: "b" } }, { size: 2, tags: { a: "c" } }, "`aws_other.x`: `size`, `tags` changed"],
])("%s, %j", (type, before, after, line) => {
  expect(said(type, before, after)).toEqual([line]);
});

test("what the plan marks as sensitive is said to change, and not shown", () => {
  const sensitive = { before_sensitive: { endpoint: true }, after_sensitive: { endpoint: true } };
  expect(said("aws_sns_topic_subscription", { endpoint: "me@a.b" }, { endpoint: "you@a.b" }, sensitive)).toEqual([
    "subscription of `(sensitive value)`: endpoint changed (sensitive)",
  ]);
});

test("what the plan cannot tell yet is not told as a change", () => {
  const unknown = { after_unknown: { container_properties: true } };
  expect(
    said("aws_batch_job_definition", { name: "a", container_properties: properties({}) }, { name: "a" }, unknown),
  ).toEqual(["job `a`: `container_properties` changed"]);
});

test("a hundred resources take no more than a dozen lines, and long values are cut", () => {
  const resource_changes = Array.from({ length: 100 }, (_, index) => ({
    address: `aws_cloudwatch_metric_alarm.x[${index}]`,
    type: "aws_cloudwatch_metric_alarm",
    change: {
      actions: ["update"],
      before: { alarm_name: "n".repeat(1000), statistic: "a".repeat(10_000) },
      after: { alarm_name: "n".repeat(1000), statistic: `${index}${"b".repeat(10_000)}` },
    },
  }));
  const lines = changesInWords([readPlan({ format_version: "1.2", resource_changes })], "echo_dev");
  expect(lines).toHaveLength(13);
  expect(lines[12]).toBe("… 88 more, see the stacks");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(350);
});

test("of what is new, whole resources come first, and a name that AWS completes is shown as far as it is known", () => {
  const create = (type: string, after: object) => ({
    address: `${type}.x`,
    type,
    change: { actions: ["create"], before: null, after },
  });
  const resource_changes = [
    { address: "a.b", type: "a", change: { actions: ["no-op"], before: {}, after: {} } },
    create("aws_unknown", {}),
    create("aws_iam_role", { name: "echo_dev_train_j" }),
    create("aws_batch_compute_environment", { name_prefix: "echo_dev_train-" }),
  ];
  expect(changesInWords([readPlan({ format_version: "1.2", resource_changes })], "echo_dev")).toEqual([
    "new: compute environment `train-…`, `aws_unknown.x`",
  ]);
});

test("resources that change alike share a line", () => {
  const queue = (name: string, priority: number) => ({
    address: `aws_batch_job_queue.${name}`,
    type: "aws_batch_job_queue",
    change: { actions: ["update"], before: { name, tags_all: { team: "a" } }, after: { name, tags_all: {}, priority } },
  });
  const resource_changes = [queue("one", 2), queue("other", 3), queue("two", 2)];
  expect(changesInWords([readPlan({ format_version: "1.2", resource_changes })], "echo_dev")).toEqual([
    "job queue `one`, job queue `two`: priority none to 2, tag removed: `team`",
    "job queue `other`: priority none to 3, tag removed: `team`",
  ]);
});

test("of what is new, the names are told where something stands already", () => {
  const create = (type: string) => ({
    address: `${type}.x`,
    type,
    change: { actions: ["create"], before: null, after: { name: "echo_dev_new" } },
  });
  const stands = { address: "a.b", type: "a", change: { actions: ["no-op"], before: {}, after: {} } };
  const of = (resource_changes: object[]) =>
    changesInWords([readPlan({ format_version: "1.2", resource_changes })], "echo_dev");
  expect(of([stands, create("aws_batch_job_queue")])).toEqual(["new: job queue `new`"]);
  expect(of([create("aws_batch_job_queue")])).toEqual([]);
});
