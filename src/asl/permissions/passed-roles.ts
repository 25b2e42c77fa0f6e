/**
 * The roles that a state hands to a service. The state machine needs `iam:PassRole` for each.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
import { isArn } from "./arn-template";
import { grant, type MissingRight, type Needs, type Right } from "./right";
import type { ServiceRequest } from "./service-request";
import { sidOf } from "./statement";

/** Returns the rights to pass the roles of a request for this IAM action, such as `glue:CreateJob`. */
export function passedRoles(action: string, request: ServiceRequest): Needs {
  const [service] = action.split(":") as [string];
  const takers = TAKERS[service];
  const rights: Right[] = [];
  const missing: MissingRight[] = [];
  if (takers === undefined || DATA_ONLY.includes(action)) return { rights, missing };
  for (const { name, text } of request.members()) {
    if (!takers.parameters.test(name)) continue;
    if (text === null)
      missing.push({ action: "iam:PassRole", why: `the role in ${name} is known only when the state runs` });
    else rights.push(pass(roleArn(text), takers.principals));
  }
  return { rights, missing };
}

// --- internal ---

/** Returns the right to pass a role to a service. */
function pass(role: string, principals: readonly string[]): Right {
  const conditions = [{ test: "StringEquals", variable: "iam:PassedToService", values: principals }] as const;
  return grant(
    sidOf(`pass:roles:to:${principals[0]!.replace(/\.amazonaws\.com$/, "")}`),
    ["iam:PassRole"],
    [role],
    conditions,
  );
}

interface Takers {
  /** The names of the parameters that are roles. */
  readonly parameters: RegExp;
  /** The services that take the roles. */
  readonly principals: readonly string[];
}

/** Names of most parameters: `RoleArn`, `DataAccessRoleArn`, `RoleARN`. */
const ROLE_ARN = /Role(Arn|ARN)$/;

/** The services with roles, by IAM prefix. */
const TAKERS: Readonly<Record<string, Takers>> = {
  ...Object.fromEntries(
    [
      ...[
        "bedrock",
        "cloudformation",
        "comprehend",
        "datasync",
        "dms",
        "emr-serverless",
        "events",
        "firehose",
        "forecast",
      ],
      ...["healthlake", "kendra", "omics", "personalize", "pipes", "rekognition", "sagemaker", "scheduler", "ssm"],
      ...["states", "textract", "transcribe", "transfer"],
    ].map((service): [string, Takers] => [service, taker(`${service}.amazonaws.com`)]),
  ),
  batch: taker("ecs-tasks.amazonaws.com"),
  codebuild: taker("codebuild.amazonaws.com", /^ServiceRole(Override)?$/),
  ecs: taker("ecs-tasks.amazonaws.com"),
  eks: taker("eks.amazonaws.com", /Role(Arn)?$/),
  elasticmapreduce: {
    parameters: /^(ServiceRole|JobFlowRole|AutoScalingRole)$/,
    principals: ["elasticmapreduce.amazonaws.com", "ec2.amazonaws.com", "application-autoscaling.amazonaws.com"],
  },
  glue: taker("glue.amazonaws.com", /^Role(Arn)?$/),
  lambda: taker("lambda.amazonaws.com", /^Role$/),
  mediaconvert: taker("mediaconvert.amazonaws.com", /^Role$/),
  rds: taker("export.rds.amazonaws.com", /^IamRoleArn$/),
};

/** Actions whose parameters are data. A role in them is not passed. */
const DATA_ONLY = [
  "batch:SubmitJob",
  "bedrock:InvokeModel",
  "events:PutEvents",
  "lambda:Invoke",
  "lambda:InvokeFunction",
  "states:SendTaskSuccess",
  "states:StartExecution",
  "states:StartSyncExecution",
];

function taker(principal: string, parameters = ROLE_ARN): Takers {
  return { parameters, principals: [principal] };
}

/** Some services take the name of a role. */
function roleArn(role: string): string {
  return isArn(role) ? role : `arn:\${Partition}:iam::\${AccountId}:role/${role}`;
}
