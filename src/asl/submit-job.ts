/**
 * Describes the request of Batch's SubmitJob as data: in the PascalCase of Step Functions, with the limits of Batch.
 *
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html
 */
import { any, boolean, type Field, list, map, number, type ObjectField, object, text, whole } from "./fields";

/** The name of a job. */
export const JOB_NAME: Field = text({
  pattern: /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
  rule: "start with a letter or a digit and contain only letters, digits, - and _",
  maxLength: 128,
});

/** Bytes of JSON. @see https://docs.aws.amazon.com/batch/latest/userguide/service_limits.html */
export const SIZE_LIMITS = { containerOverrides: 8 * 1024, request: 30 * 1024 } as const;

/** Fields of other kinds of jobs, which only Batch can run. */
export const BATCH_ONLY_FIELDS = [
  "ConsumableResourcePropertiesOverride",
  "EcsPropertiesOverride",
  "EksPropertiesOverride",
  "NodeOverrides",
];

const COMMAND = list(text({ pattern: /./s, rule: "not be empty" }));
const ENVIRONMENT = list(
  object({
    Name: text({ pattern: /^(?!AWS_BATCH)/, rule: "not start with AWS_BATCH, which is reserved for Batch" }),
    Value: text(),
  }),
);
const RESOURCE_REQUIREMENTS = list(
  object({ Type: text({ oneOf: ["GPU", "MEMORY", "VCPU"] }), Value: text() }, ["Type", "Value"]),
);
const CONTAINER_OVERRIDES = object({
  Command: COMMAND,
  Environment: ENVIRONMENT,
  InstanceType: text(),
  Memory: whole(),
  ResourceRequirements: RESOURCE_REQUIREMENTS,
  Vcpus: whole(),
});
const GLOB = text({
  pattern: /^[0-9A-Za-z.:\s]*\*?$/,
  rule: "contain only letters, digits, periods, colons, white space and an optional * at the end",
  maxLength: 512,
});
const EXIT_CODE_GLOB = text({
  pattern: /^[0-9]*\*?$/,
  rule: "contain only digits and an optional * at the end",
  maxLength: 512,
});
const CONSUMABLE_RESOURCES = object({
  ConsumableResourceList: list(object({ ConsumableResource: text(), Quantity: number() })),
});

/** The request. Fields of other kinds of jobs (EKS, several containers or nodes) are known only by name. */
export const SUBMIT_JOB: ObjectField = {
  kind: "object",
  fields: {
    ArrayProperties: object({ Size: whole(2, 10_000) }),
    ConsumableResourcePropertiesOverride: CONSUMABLE_RESOURCES,
    ContainerOverrides: CONTAINER_OVERRIDES,
    DependsOn: list(object({ JobId: text(), Type: text({ oneOf: ["N_TO_N", "SEQUENTIAL"] }) }), { maxItems: 20 }),
    EcsPropertiesOverride: any,
    EksPropertiesOverride: any,
    JobDefinition: text(),
    JobName: JOB_NAME,
    JobQueue: text(),
    NodeOverrides: any,
    Parameters: map(text()),
    PropagateTags: boolean,
    RetryStrategy: object({
      Attempts: whole(1, 10),
      EvaluateOnExit: list(
        object(
          {
            Action: text({ pattern: /^(exit|retry)$/i, rule: "be EXIT or RETRY" }),
            OnExitCode: EXIT_CODE_GLOB,
            OnReason: GLOB,
            OnStatusReason: GLOB,
          },
          ["Action"],
        ),
        { maxItems: 5 },
      ),
    }),
    SchedulingPriorityOverride: whole(0, 9999),
    ShareIdentifier: text({ maxLength: 256 }),
    Tags: map(text()),
    Timeout: object({ AttemptDurationSeconds: whole(60) }),
  },
  required: ["JobDefinition", "JobName", "JobQueue"],
};

/**
 * Replaces `Ref::name`. It must be a whole element of the command. Inside a longer element, or without a value, it stays,
 * as in Batch.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/job_definition_parameters.html#parameters
 */
export function substituteParameters(command: readonly string[], values: Readonly<Record<string, string>>): string[] {
  return command.map((element) => {
    const [, name] = /^Ref::(.+)$/s.exec(element) ?? [];
    return name !== undefined && Object.hasOwn(values, name) ? values[name]! : element;
  });
}
