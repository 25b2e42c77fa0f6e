/** What is found in each of the invalid documents: severity, state, pointer, message, fix. */
export const EXPECTED: Readonly<Record<string, readonly (readonly (string | null)[])[]>> = {
  "invalid-batch-limit-2.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/JobName.$",
      'JobName must start with a letter or a digit and hold only letters, digits, - and _, got: "echo x"',
      "change what does not fit",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/ContainerOverrides",
      "ContainerOverrides must be at most 8192 bytes of JSON, got: 8303",
      "put the data into a file in S3 and pass its URI",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/ContainerOverrides/ResourceRequirements/0/Type",
      'ContainerOverrides.ResourceRequirements[0].Type must be one of GPU, MEMORY, VCPU, got: "CPU"',
      "did you mean GPU?",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/ContainerOverrides/Environment/0/Name",
      'ContainerOverrides.Environment[0].Name must not start with AWS_BATCH, which Batch keeps for itself, got: "AWS_BATCH_X"',
      "change what does not fit",
    ],
  ],
  "invalid-batch-limit.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/JobName",
      'JobName must start with a letter or a digit and hold only letters, digits, - and _, got: "-echo job"',
      "change what does not fit",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/Timeout/AttemptDurationSeconds",
      "Timeout.AttemptDurationSeconds must be at least 60, got: 30",
      "write 60 or more",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/RetryStrategy/Attempts",
      "RetryStrategy.Attempts must be at most 10, got: 11",
      "write 10 or less",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/RetryStrategy/EvaluateOnExit",
      "RetryStrategy.EvaluateOnExit must have at most 5 items, got: 6",
      "remove 1",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/RetryStrategy/EvaluateOnExit/0/OnReason",
      'RetryStrategy.EvaluateOnExit[0].OnReason must hold only letters, digits, periods, colons and white space, and a * at its end at most, got: "Host (EC2)*"',
      "change what does not fit",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/RetryStrategy/EvaluateOnExit/1/Action",
      'RetryStrategy.EvaluateOnExit[1].Action must be EXIT or RETRY, got: "RETRYY"',
      "change what does not fit",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/RetryStrategy/EvaluateOnExit/1/OnExitCode",
      'RetryStrategy.EvaluateOnExit[1].OnExitCode must hold only digits, and a * at its end at most, got: "1-3"',
      "change what does not fit",
    ],
  ],
  "invalid-batch-missing-field-2.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/RetryStrategy",
      "RetryStrategy.Attempts is missing; Batch wants it where EvaluateOnExit is given",
      "add Attempts, from 1 to 10",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/RetryStrategy/EvaluateOnExit/0",
      "RetryStrategy.EvaluateOnExit[0].Action is missing",
      "add Action",
    ],
  ],
  "invalid-batch-missing-field.asl.json": [
    ["error", "job", "/States/job/Parameters", "JobName is missing", "add JobName"],
    ["error", "job", "/States/job/Parameters", "JobQueue is missing", "add JobQueue"],
  ],
  "invalid-batch-parameter-missing-2.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/ContainerOverrides/Command",
      "Ref::text in the command of the job is given no value",
      "add text to Parameters",
    ],
  ],
  "invalid-batch-parameter-missing.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/JobDefinition",
      "Ref::text in the command of the job is given no value",
      "add text to Parameters",
    ],
  ],
  "invalid-batch-parameter-unused-2.asl.json": [
    [
      "warning",
      "job",
      "/States/job/Parameters/Parameters/text",
      "Parameters.text is used nowhere: the command of the job has no Ref::text",
      "remove it, or name it in the command",
    ],
  ],
  "invalid-batch-parameter-unused.asl.json": [
    [
      "warning",
      "job",
      "/States/job/Parameters/Parameters/lnag",
      "Parameters.lnag is used nowhere: the command of the job has no Ref::lnag",
      "did you mean lang?",
    ],
  ],
  "invalid-batch-unknown-field-2.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/ContainerOverrides/Environment/0/name",
      "ContainerOverrides.Environment[0].name is not a known field",
      "did you mean Name?",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/ContainerOverrides/Environment/0/Vlaue",
      "ContainerOverrides.Environment[0].Vlaue is not a known field",
      "did you mean Value?",
    ],
  ],
  "invalid-batch-unknown-field.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/containerOverrides",
      "containerOverrides is not a known field",
      "did you mean ContainerOverrides?",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/Timeout/Seconds",
      "Timeout.Seconds is not a known field",
      "known fields are AttemptDurationSeconds",
    ],
  ],
  "invalid-batch-wrong-type-2.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/JobName.$",
      "JobName must be a string, and $.count is a number",
      "write States.Format('{}', $.count)",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/ContainerOverrides/Command.$",
      "ContainerOverrides.Command[1] must be a string, and $.count is a number",
      "write States.Format('{}', $.count)",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/ContainerOverrides/Command.$",
      "ContainerOverrides.Command[2] must be a string, and 1 is a number",
      "write States.Format('{}', 1)",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/ContainerOverrides/Environment/0/Value.$",
      "ContainerOverrides.Environment[0].Value must be a string, and $.nested is an object with deep",
      "write States.JsonToString($.nested)",
    ],
  ],
  "invalid-batch-wrong-type-3.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/ContainerOverrides/Command.$",
      "each item of ContainerOverrides.Command must be a string, and each item of $.counts is a number",
      "make it a string where it comes from",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/Timeout/AttemptDurationSeconds.$",
      "Timeout.AttemptDurationSeconds must be a number, and $.name is a string",
      "write States.StringToJson($.name) if it holds a number in text",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/Parameters.$",
      "Parameters.text must be a string, and $.numbers.text is a number",
      "make it a string where it comes from",
    ],
  ],
  "invalid-batch-wrong-type.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/ContainerOverrides/Command",
      'ContainerOverrides.Command must be a list, got: "echo"',
      "put it in [ and ]",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/ContainerOverrides/Environment/0/Value",
      "ContainerOverrides.Environment[0].Value must be a string, got: the number 3",
      'write it as a string: "3"',
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/ContainerOverrides/ResourceRequirements/0/Value",
      "ContainerOverrides.ResourceRequirements[0].Value must be a string, got: the number 2",
      'write it as a string: "2"',
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/Tags/text",
      "Tags.text must be a string, got: the boolean true",
      'write it as a string: "true"',
    ],
  ],
  "invalid-conflicting-fields-2.asl.json": [
    [
      "error",
      "choose",
      "/States/choose/Choices/0/StringEquals",
      "Choices[0]: IsNull and StringEquals exclude each other",
      "make two rules of them and join these with And",
    ],
  ],
  "invalid-conflicting-fields-3.asl.json": [
    [
      "error",
      "list",
      "/States/list/ItemReader/ReaderConfig/MaxItemsPath",
      "ItemReader.ReaderConfig.MaxItems and ItemReader.ReaderConfig.MaxItemsPath exclude each other",
      "remove all but one",
    ],
  ],
  "invalid-conflicting-fields.asl.json": [
    ["error", "job", "/States/job/End", "Next and End exclude each other", "remove all but one"],
  ],
  "invalid-duplicate-field.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/JobName.$",
      'Parameters.JobName is given twice, as "JobName" and as "JobName.$"',
      "remove one of the two",
    ],
  ],
  "invalid-duplicate-state-name.asl.json": [
    [
      "error",
      "job",
      "/States/job",
      "the name job stands twice, here and at list/job; no two states of a document may share a name",
      "rename one of the two, with what leads to it",
    ],
  ],
  "invalid-endless-loop.asl.json": [
    [
      "error",
      "job",
      "/States/job",
      "job, wait: no way leads from here to an end",
      'give one of them "End": true, or a way to a state that ends',
    ],
  ],
  "invalid-error-name.asl.json": [
    [
      "warning",
      "job",
      "/States/job/Retry/0/ErrorEquals/0",
      "Retry[0] waits for States.Timout, and Step Functions has no such error",
      "did you mean States.Timeout?",
    ],
  ],
  "invalid-error-order.asl.json": [
    [
      "error",
      "job",
      "/States/job/Catch/0/ErrorEquals",
      "Catch[0] must be the last one, because States.ALL leaves nothing to those after it",
      "move it to the end of Catch",
    ],
    [
      "error",
      "job",
      "/States/job/Catch/1/ErrorEquals",
      "Catch[1].ErrorEquals must hold States.ALL alone, got: States.Timeout, States.ALL",
      "remove the other names: States.ALL stands for them too",
    ],
  ],
  "invalid-expression-2.asl.json": [
    [
      "error",
      "list",
      "/States/list/ItemsPath",
      "ItemsPath: $.names[*] can select any number of values",
      "write a path to one single place, with names and indices only",
    ],
    [
      "error",
      "list",
      "/States/list/ResultPath",
      "ResultPath: $$.x is no place in the data of the state",
      'write a path that begins with "$."',
    ],
  ],
  "invalid-expression-3.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/JobName.$",
      'Parameters.JobName.$ must be a path or a call of a function, because its name ends in ".$", got: the number 3',
      'remove ".$" from the name, or write a path such as "$.name"',
    ],
  ],
  "invalid-expression.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/JobName.$",
      'Parameters.JobName: column 1 of "States.Formt(\'x-{}\', $.name)": expected a path that begins with "$" or a call such as States.Format(…), got: "States.Formt(\'x-{}\',"',
      "did you mean States.Format?",
    ],
  ],
  "invalid-history-limit-2.asl.json": [
    [
      "warning",
      "list",
      "/States/list",
      "list runs over a list of any length: AWS ends an execution at 25,000 events, and each item makes 8",
      'set maxItems in the schema of the input, or give the ItemProcessor "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}',
    ],
  ],
  "invalid-history-limit.asl.json": [
    [
      "warning",
      "list",
      "/States/list",
      "an execution can come to 32,006 events, 32,004 of them by this Map; AWS ends it at 25,000",
      'set maxItems in the schema of the input, or give the ItemProcessor "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}',
    ],
  ],
  "invalid-items-not-a-list.asl.json": [
    [
      "error",
      "list",
      "/States/list/ItemsPath",
      "a Map needs a list, and $.nested is an object with deep",
      "lead ItemsPath to a list",
    ],
  ],
  "invalid-jsonata.asl.json": [
    [
      "error",
      "prepare",
      "/States/prepare/Output/name",
      "Output.name holds what is neither an expression of JSONata nor a value that may stand there",
      "write an expression as {% … %}, see https://docs.jsonata.org",
    ],
  ],
  "invalid-limit.asl.json": [
    ["error", "job", "/States/job/TimeoutSeconds", "TimeoutSeconds must be at least 1, got: 0", "write 1 or more"],
    [
      "error",
      "job",
      "/States/job/Retry/0/BackoffRate",
      "Retry[0].BackoffRate must be at least 1, got: 0.5",
      "write 1 or more",
    ],
    [
      "error",
      "job",
      "/States/job/Retry/0/JitterStrategy",
      'Retry[0].JitterStrategy must be one of FULL, NONE, got: "full"',
      "did you mean FULL?",
    ],
  ],
  "invalid-missing-field-2.asl.json": [
    ["error", "choose", "/States/choose/Choices/0", "Choices[0] has no test", 'add one, such as "IsPresent": true'],
    [
      "error",
      "choose",
      "/States/choose/Choices/1",
      "Choices[1].Variable is missing",
      "add Variable: the path to what is tested",
    ],
    ["error", "choose", "/States/choose/Choices/2", "Choices[2].Next is missing", "add Next: where this rule leads"],
  ],
  "invalid-missing-field.asl.json": [["error", "gone", "/States/gone", "Next or End is missing", "add Next or End"]],
  "invalid-not-local-2.asl.json": [
    [
      "error",
      null,
      "/QueryLanguage",
      "JSONata: the local run cannot do this as AWS does; AWS would accept it",
      "do without it, or run the workflow on AWS: check --no-local takes it",
    ],
  ],
  "invalid-not-local-3.asl.json": [
    [
      "error",
      "list",
      "/States/list/ItemReader",
      "ItemReader: the local run cannot do this as AWS does; AWS would accept it",
      "do without it, or run the workflow on AWS: check --no-local takes it",
    ],
    [
      "error",
      "list",
      "/States/list/ItemBatcher",
      "ItemBatcher: the local run cannot do this as AWS does; AWS would accept it",
      "do without it, or run the workflow on AWS: check --no-local takes it",
    ],
    [
      "error",
      "list",
      "/States/list/ToleratedFailurePercentage",
      "ToleratedFailurePercentage: the local run cannot do this as AWS does; AWS would accept it",
      "do without it, or run the workflow on AWS: check --no-local takes it",
    ],
    [
      "error",
      "list",
      "/States/list/ResultWriter",
      "ResultWriter: the local run cannot do this as AWS does; AWS would accept it",
      "do without it, or run the workflow on AWS: check --no-local takes it",
    ],
  ],
  "invalid-not-local-4.asl.json": [
    [
      "error",
      "job",
      "/States/job/Resource",
      "arn:${Partition}:states:::batch:submitJob: the local run cannot do this as AWS does; AWS would accept it",
      "do without it, or run the workflow on AWS: check --no-local takes it",
    ],
  ],
  "invalid-not-local.asl.json": [
    [
      "error",
      "call",
      "/States/call/Resource",
      "arn:${Partition}:states:::sns:publish: the local run cannot do this as AWS does; AWS would accept it",
      "do without it, or run the workflow on AWS: check --no-local takes it",
    ],
    [
      "error",
      "call",
      "/States/call/Assign",
      "Assign: the local run cannot do this as AWS does; AWS would accept it",
      "do without it, or run the workflow on AWS: check --no-local takes it",
    ],
    [
      "error",
      "call",
      "/States/call/HeartbeatSeconds",
      "HeartbeatSeconds: the local run cannot do this as AWS does; AWS would accept it",
      "do without it, or run the workflow on AWS: check --no-local takes it",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/ArrayProperties",
      "ArrayProperties: the local run cannot do this as AWS does; AWS would accept it",
      "do without it, or run the workflow on AWS: check --no-local takes it",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/DependsOn",
      "DependsOn: the local run cannot do this as AWS does; AWS would accept it",
      "do without it, or run the workflow on AWS: check --no-local takes it",
    ],
  ],
  "invalid-path-as-text.asl.json": [
    [
      "warning",
      "job",
      "/States/job/Parameters/ContainerOverrides/Environment/0/Value",
      'Parameters.ContainerOverrides.Environment[0].Value is the text "$.name" and not what it leads to',
      'write ".$" behind the name: "Value.$"',
    ],
  ],
  "invalid-path-not-found-2.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/JobName.$",
      "$.prepared.lable does not exist: $.prepared is an object with label",
      "did you mean $.prepared.label?",
    ],
  ],
  "invalid-path-not-found-3.asl.json": [
    [
      "error",
      "list/job",
      "/States/list/ItemProcessor/States/job/Parameters/JobName.$",
      "$.name does not exist: $ is an object with value",
      "pass it on in the ItemSelector of list, or use what $ holds",
    ],
  ],
  "invalid-path-not-found-4.asl.json": [
    [
      "error",
      "list/job",
      "/States/list/ItemProcessor/States/job/Parameters/JobName.$",
      "$.name does not exist: $ is a string",
      "pass it on in the ItemSelector of list, or use what $ holds",
    ],
  ],
  "invalid-path-not-found-5.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/JobName.$",
      "$$.Map.Item.Value does not exist: $$ is an object with Execution, State, StateMachine",
      "$$.Map.Item is there in the ItemSelector and inside the states of a Map only: pass it on from the ItemSelector",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/ShareIdentifier.$",
      "$$.Task.Token does not exist: $$ is an object with Execution, State, StateMachine",
      "$$.Task.Token is there in a task whose Resource ends in .waitForTaskToken only",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/Tags/by.$",
      "$$.Execution.Nmae does not exist: $$.Execution is an object with Id, Name, RoleArn, StartTime, RedriveTime, Input, RedriveCount",
      "did you mean $$.Execution.Name?",
    ],
  ],
  "invalid-path-not-found-6.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/JobName.$",
      "$.results.a does not exist: $.results is a list",
      "use what $.results holds, or add it to the schema of the input or to what the states before pass on",
    ],
  ],
  "invalid-path-not-found-7.asl.json": [
    [
      "error",
      "failed",
      "/States/failed/CausePath",
      "$.cause does not exist: $ is an object with Error, Cause",
      "did you mean $.Cause?",
    ],
  ],
  "invalid-path-not-found-8.asl.json": [
    [
      "error",
      "choose",
      "/States/choose/Choices/0/Not/Variable",
      "$.nested.deeper does not exist: $.nested is an object with deep",
      "did you mean $.nested.deep?",
    ],
  ],
  "invalid-path-not-found.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/JobName.$",
      "$.nam does not exist: $ is an object with name, count, names, counts, numbers, nested, open, long, endless",
      "did you mean $.name?",
    ],
  ],
  "invalid-state-name-length.asl.json": [
    [
      "error",
      "jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj",
      "/States/jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj",
      "the name of a state must have at most 80 characters, got: 81",
      "shorten it, with what leads to it",
    ],
  ],
  "invalid-state-type.asl.json": [
    ["error", "pass", "/States/pass", 'Type of pass must be a type of state, got: "Pas"', "did you mean Pass?"],
  ],
  "invalid-structure.asl.json": [
    [
      "error",
      "list",
      "/States/list/ItemProcessor",
      "States of ItemProcessor of list must be an object, got: nothing",
      "see https://states-language.net/spec.html",
    ],
    [
      "error",
      "job",
      "/States/job",
      'the state job must be an object, got: "Task"',
      "see https://states-language.net/spec.html",
    ],
  ],
  "invalid-unknown-field-2.asl.json": [
    [
      "error",
      "all",
      "/States/all/TimeoutSeconds",
      "TimeoutSeconds is not a known field",
      "AWS knows it on a Task and on the document only: put it there",
    ],
  ],
  "invalid-unknown-field-3.asl.json": [
    [
      "error",
      null,
      "/Name",
      "Name is not a known field",
      "known fields are Comment, QueryLanguage, StartAt, States, TimeoutSeconds, Version",
    ],
  ],
  "invalid-unknown-field-4.asl.json": [
    [
      "error",
      "choose",
      "/States/choose/Choices/0/StringEqual",
      "Choices[0].StringEqual is not a known field",
      "did you mean StringEquals?",
    ],
  ],
  "invalid-unknown-field.asl.json": [
    ["error", "job", "/States/job/Retyr", "Retyr is not a known field", "did you mean Retry?"],
  ],
  "invalid-unknown-integration-2.asl.json": [
    [
      "error",
      "call",
      "/States/call/Resource",
      "Resource is an integration without an IAM rule, got: arn:aws:states:::ecs:runTask.sync",
      "use one of batch:submitJob, batch:submitJob.sync, dynamodb:deleteItem, dynamodb:getItem, dynamodb:putItem, dynamodb:updateItem, lambda:invoke, lambda:invoke.waitForTaskToken, sns:publish, sqs:sendMessage, sqs:sendMessage.waitForTaskToken, states:startExecution, or add a rule to workflow/permissions.ts",
    ],
  ],
  "invalid-unknown-integration.asl.json": [
    [
      "error",
      "call",
      "/States/call/Resource",
      "Resource is an integration without an IAM rule, got: arn:${Partition}:states:::batch:submitjob.sync",
      "did you mean batch:submitJob.sync? Else add a rule to workflow/permissions.ts",
    ],
  ],
  "invalid-unknown-placeholder-2.asl.json": [
    [
      "error",
      "sum",
      "/States/sum/Parameters/JobDefinition",
      "${SumUpJobDefinitionArn} is given no value",
      "did you mean ${EchoJobDefinitionArn}? or add a job `sum-up` to cdktf.json",
    ],
  ],
  "invalid-unknown-placeholder-3.asl.json": [
    [
      "error",
      "sum",
      "/States/sum/Parameters/JobDefinition",
      "${sumUpJobDefinitionArn} is given no value",
      "did you mean ${EchoJobDefinitionArn}?",
    ],
  ],
  "invalid-unknown-placeholder.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/JobQueue",
      "${JobQueuArn} is given no value",
      "did you mean ${JobQueueArn}?",
    ],
  ],
  "invalid-unknown-target-2.asl.json": [
    [
      "error",
      "list/job",
      "/States/list/ItemProcessor/States/job/Next",
      "Next leads to done, which stands outside of this block of states",
      "lead to a state beside it: job",
    ],
  ],
  "invalid-unknown-target.asl.json": [
    [
      "error",
      "job",
      "/States/job/Catch/0/Next",
      "Catch[0].Next leads to dnoe, and there is no such state here",
      "did you mean done?",
    ],
  ],
  "invalid-unreachable-state-2.asl.json": [
    [
      "error",
      "lost",
      "/States/lost",
      "lost is never reached: no way leads to it from job",
      "lead to it with Next, Default or Catch, or remove it",
    ],
    [
      "error",
      "found",
      "/States/found",
      "found is never reached: no way leads to it from job",
      "lead to it with Next, Default or Catch, or remove it",
    ],
  ],
  "invalid-unreachable-state.asl.json": [
    [
      "error",
      "lost",
      "/States/lost",
      "lost is never reached: no way leads to it from job",
      "lead to it with Next, Default or Catch, or remove it",
    ],
  ],
  "invalid-unused-placeholder.asl.json": [
    [
      "error",
      null,
      "",
      "${EchoJobDefinitionArn} is named nowhere in the document: its job never runs",
      "name it as the JobDefinition of a task, or remove the job from the settings",
    ],
  ],
  "invalid-wrong-type.asl.json": [
    ["error", "job", "/States/job/End", 'End must be true, got: "yes"', "write true, or remove the field"],
    [
      "error",
      "job",
      "/States/job/TimeoutSeconds",
      'TimeoutSeconds must be a whole number, got: "60"',
      "write a number without quotes",
    ],
  ],
};
