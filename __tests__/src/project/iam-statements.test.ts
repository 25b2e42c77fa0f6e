import { SettingsError } from "../../../src/base/errors";
import { loadSettings } from "../../../src/project/load-settings";
import { CONTEXT } from "../../example";

const good = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };

function problems(statements: unknown): string[] {
  try {
    loadSettings({}, { ...CONTEXT, statements });
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.message.split("\n");
  }
}

const IN_CONTEXT = "set it in the context of cdktf.json";

test.each([
  [good],
  [{ ...good, Sid: "Read", Action: ["s3:Get*", "s3:ListBucket"] }],
  [{ Effect: "Deny", NotAction: "*", NotResource: ["arn:${Partition}:s3:::bucket/*", "${JobQueueArn}"] }],
  [
    {
      ...good,
      Condition: { "ForAllValues:StringLike": { "aws:TagKeys": ["a", "b"] }, Bool: { "aws:SecureTransport": true } },
    },
  ],
])("accepts a statement of IAM: %j", (statement) => {
  expect(loadSettings({}, { ...CONTEXT, statements: [statement] }).statements).toEqual([statement]);
});

test("names the operator of a condition that IAM does not know", () => {
  const Condition = { "ForAnyValue:StringEqual": { "aws:TagKeys": "a" }, StringLikeIfExists: { "aws:x": "y" } };
  expect(problems([{ ...good, Condition }])).toEqual([
    "`statements[0].Condition.ForAnyValue:StringEqual` in the context of cdktf.json is not an operator of IAM; did you mean StringEquals?",
  ]);
});

test.each([
  ["no list", {}, "`statements` must be a list of IAM statements, each with Effect, Action and Resource, got: {}"],
  ["no object", ["s3:GetObject"], '`statements[0]` must be an object, got: "s3:GetObject"'],
  ["no effect", [{ Action: "*", Resource: "*" }], "`statements[0].Effect` is missing"],
  [
    "another effect",
    [good, { ...good, Effect: "allow" }],
    '`statements[1].Effect` must be "Allow" or "Deny", got: "allow"',
  ],
  ["no action", [{ Effect: "Allow", Resource: "*" }], "`statements[0]` must have Action or NotAction, got: neither"],
  ["both", [{ ...good, NotResource: "*" }], "`statements[0]` must have Resource or NotResource, got: both"],
  [
    "an action without a service",
    [{ ...good, Action: ["GetObject"] }],
    '`statements[0].Action` must be an action such as s3:GetObject, or a list of actions, got: ["GetObject"]',
  ],
  [
    "an empty list",
    [{ ...good, Action: [] }],
    "`statements[0].Action` must be an action such as s3:GetObject, or a list of actions, got: []",
  ],
  [
    "a bucket's name",
    [{ ...good, Resource: "my-bucket" }],
    '`statements[0].Resource` must be an ARN, "*", or a list of them; an ARN may have placeholders, got: "my-bucket"',
  ],
  [
    "an ARN with too few parts",
    [{ ...good, Resource: ["*", "arn:aws:s3"] }],
    '`statements[0].Resource` must be an ARN, "*", or a list of them; an ARN may have placeholders, got: ["*","arn:aws:s3"]',
  ],
  [
    "a condition without values",
    [{ ...good, Condition: { StringEquals: {} } }],
    '`statements[0].Condition` must be an object such as {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, got: {"StringEquals":{}}',
  ],
  [
    "a condition with an empty list",
    [{ ...good, Condition: { StringEquals: { "aws:TagKeys": [] } } }],
    '`statements[0].Condition` must be an object such as {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, got: {"StringEquals":{"aws:TagKeys":[]}}',
  ],
  [
    "a name with blanks",
    [{ ...good, Sid: "read it" }],
    '`statements[0].Sid` must be letters and digits, got: "read it"',
  ],
  [
    "one name twice",
    [
      { ...good, Sid: "Read" },
      { ...good, Sid: "Read" },
    ],
    '`statements[1].Sid` must differ from the Sid of the others, got: "Read"',
  ],
  [
    "a condition without an operator",
    [{ ...good, Condition: { "aws:SourceAccount": "1" } }],
    '`statements[0].Condition` must be an object such as {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, got: {"aws:SourceAccount":"1"}',
  ],
  [
    "an unknown placeholder",
    [{ ...good, Resource: "arn:aws:s3:::${Bucket}" }],
    '`statements[0]` must not use ${Bucket}, which has no value (known placeholders are ${Partition}, ${Region}, ${AccountId}, ${StateMachineName}, ${JobQueueArn}, ${EchoJobDefinitionArn}), got: {"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::${Bucket}"}',
  ],
])("refuses %s", (_, statements, message) => {
  expect(problems(statements)).toEqual([`${message}; ${IN_CONTEXT}`]);
});

test.each([
  [
    "a whole policy",
    { Version: "2012-10-17", Statement: [good] },
    "`statements` in the context of cdktf.json must be a list, got: a whole policy; keep only the list in its Statement",
  ],
  [
    "a misspelt field",
    [{ ...good, Efect: "Allow" }],
    "`statements[0].Efect` in the context of cdktf.json is not a field of a statement; did you mean Effect?",
  ],
  [
    "a principal",
    [{ ...good, Principal: "*" }],
    "`statements[0].Principal` in the context of cdktf.json must not be there: the policy of a role has no principal; remove it",
  ],
])("refuses %s, with its own advice", (_, statements, message) => {
  expect(problems(statements)).toEqual([message]);
});
