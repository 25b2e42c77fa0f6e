import { checkInput, FARGATE_QUEUE } from "./check-input";
import { passing, problemsOf, submitting } from "./problems-of";

const LOCAL = { local: true };

test.each([
  ["EKS", { EksPropertiesOverride: {} }, "EksPropertiesOverride"],
  ["several containers", { EcsPropertiesOverride: {} }, "EcsPropertiesOverride"],
  ["several nodes", { "NodeOverrides.$": "$.nodes" }, "NodeOverrides.$"],
  ["consumable resources", { ConsumableResourcePropertiesOverride: {} }, "ConsumableResourcePropertiesOverride"],
])("a job on %s is refused by the local run alone", (_, request, field) => {
  expect(problemsOf(submitting(request), LOCAL)).toEqual([
    `error not-local /States/job/Parameters/${field}: the local run does not support ${field}; AWS does; remove it, or run the workflow only on AWS and check it with --no-local`,
  ]);
  expect(problemsOf(submitting(request))).toEqual([]);
  expect(problemsOf(submitting(request), { ...LOCAL, mocked: new Set(["job"]) })).toEqual([]);
});

test("a job with a GPU is refused by the local run alone", () => {
  const gpu = submitting({ ContainerOverrides: { ResourceRequirements: [{ Type: "GPU", Value: "1" }] } });
  const { jobDefinitions } = checkInput({} as never);
  const withGpu = {
    queues: { JobQueueArn: { ...FARGATE_QUEUE, isFargate: false } },
    jobDefinitions: { EchoJobDefinitionArn: { ...jobDefinitions.EchoJobDefinitionArn!, gpus: 1 } },
  };
  expect(problemsOf(gpu, { ...LOCAL, ...withGpu })).toEqual([
    "error not-local /States/job/Parameters/ContainerOverrides/ResourceRequirements/0/Type: the local run does not support GPU; AWS does; remove it, or run the workflow only on AWS and check it with --no-local",
  ]);
  expect(problemsOf(gpu, withGpu)).toEqual([]);
});

test.each(["$.list[?(@.size() > 1)]", "$.list[?(@ in ['step'])]", "$.list[?(@ =~ /n++/)]"])(
  "%s has a filter that only AWS knows",
  (path) => {
    expect(problemsOf(passing({ InputPath: path }), LOCAL)).toEqual([
      `error not-local /States/pass/InputPath: the local run does not support ${path}; AWS does; remove it, or run the workflow only on AWS and check it with --no-local`,
    ]);
  },
);

test("a role of another account is a warning", () => {
  const document = submitting({}, { Credentials: { RoleArn: "arn:aws:iam::123456789012:role/name" } });
  expect(problemsOf(document, LOCAL)).toEqual([
    "warning not-local /States/job/Credentials: the local run does not assume the role of Credentials; test the role on AWS",
  ]);
});

test("JSONata, variables, readers, writers and time limits are not refused", () => {
  const states = {
    StartAt: "each",
    QueryLanguage: "JSONata",
    States: {
      each: {
        Type: "Map",
        ItemReader: { Resource: "arn:aws:states:::s3:getObject", Arguments: { Bucket: "${DataBucket}", Key: "k" } },
        ItemBatcher: { MaxItemsPerBatch: 2 },
        ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Arguments: { Bucket: "${DataBucket}" } },
        ToleratedFailurePercentage: 5,
        ItemProcessor: {
          ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
          StartAt: "job",
          States: {
            job: {
              Type: "Task",
              Resource: "arn:aws:states:::batch:submitJob.sync",
              Arguments: { JobName: "job", JobDefinition: "${EchoJobDefinitionArn}", JobQueue: "${JobQueueArn}" },
              HeartbeatSeconds: 5,
              Assign: { id: "{% $states.result.JobId %}" },
              End: true,
            },
          },
        },
        End: true,
      },
    },
  };
  expect(problemsOf(states, LOCAL)).toEqual([]);
});

test.each([
  ["InputType", "PARQUET"],
  ["ManifestType", "S3_INVENTORY"],
])("items of the %s %s are read by AWS alone", (field, value) => {
  const ProcessorConfig = { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" };
  const ItemProcessor = { ProcessorConfig, StartAt: "one", States: { one: { Type: "Pass", End: true } } };
  const ItemReader = {
    Resource: "arn:aws:states:::s3:getObject",
    ReaderConfig: { [field]: value },
    Parameters: { Bucket: "${DataBucket}", Key: "k" },
  };
  const document = { StartAt: "each", States: { each: { Type: "Map", ItemReader, ItemProcessor, End: true } } };
  expect(problemsOf(document, LOCAL)).toEqual([
    `error not-local /States/each/ItemReader/ReaderConfig/${field}: the local run does not support ${field} ${value}; AWS does; remove it, or run the workflow only on AWS and check it with --no-local`,
  ]);
  expect(problemsOf(document)).toEqual([]);
});
