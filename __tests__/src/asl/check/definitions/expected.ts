/** The problems of each invalid document: severity, state, pointer, message, fix. */
export const EXPECTED: Readonly<Record<string, readonly (readonly (string | null)[])[]>> = {
  "invalid-batch-limit-2.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/JobName.$",
      'JobName must start with a letter or a digit and contain only letters, digits, - and _, got: "echo x"',
      "correct the value",
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
      'ContainerOverrides.Environment[0].Name must not start with AWS_BATCH, which is reserved for Batch, got: "AWS_BATCH_X"',
      "correct the value",
    ],
  ],
  "invalid-batch-limit-3.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/ContainerOverrides/ResourceRequirements/0/Value",
      'the value of VCPU in ResourceRequirements must be a number above 0, got: "two"',
      'write a number in quotes, such as "1"',
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/ContainerOverrides/ResourceRequirements/1/Value",
      'the value of MEMORY in ResourceRequirements must be a number above 0, got: "0"',
      'write a number in quotes, such as "1"',
    ],
  ],
  "invalid-batch-limit.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/JobName",
      'JobName must start with a letter or a digit and contain only letters, digits, - and _, got: "-echo job"',
      "correct the value",
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
      'RetryStrategy.EvaluateOnExit[0].OnReason must contain only letters, digits, periods, colons, white space and an optional * at the end, got: "Host (EC2)*"',
      "correct the value",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/RetryStrategy/EvaluateOnExit/1/Action",
      'RetryStrategy.EvaluateOnExit[1].Action must be EXIT or RETRY, got: "RETRYY"',
      "correct the value",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/RetryStrategy/EvaluateOnExit/1/OnExitCode",
      'RetryStrategy.EvaluateOnExit[1].OnExitCode must contain only digits and an optional * at the end, got: "1-3"',
      "correct the value",
    ],
  ],
  "invalid-batch-missing-field-2.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/RetryStrategy",
      "RetryStrategy.Attempts is missing; Batch requires it with EvaluateOnExit",
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
  "invalid-batch-override.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/ContainerOverrides/Memory",
      "ContainerOverrides.Memory has no effect on a job definition with resourceRequirements",
      'write {"Type": "MEMORY", "Value": "…"} in ContainerOverrides.ResourceRequirements',
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/ContainerOverrides/Vcpus.$",
      "ContainerOverrides.Vcpus has no effect on a job definition with resourceRequirements",
      'write {"Type": "VCPU", "Value": "…"} in ContainerOverrides.ResourceRequirements',
    ],
  ],
  "invalid-batch-parameter-missing-2.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/ContainerOverrides/Command",
      "Ref::text in the job command has no value",
      "add text to Parameters",
    ],
  ],
  "invalid-batch-parameter-missing.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/JobDefinition",
      "Ref::text in the job command has no value",
      "add text to Parameters",
    ],
  ],
  "invalid-batch-parameter-unused-2.asl.json": [
    [
      "warning",
      "job",
      "/States/job/Parameters/Parameters/text",
      "Parameters.text is not used: the job command has no Ref::text",
      "remove it, or add Ref::text to the command",
    ],
  ],
  "invalid-batch-parameter-unused.asl.json": [
    [
      "warning",
      "job",
      "/States/job/Parameters/Parameters/lnag",
      "Parameters.lnag is not used: the job command has no Ref::lnag",
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
      "JobName must be a string, but $.count is a number",
      "write States.Format('{}', $.count)",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/ContainerOverrides/Command.$",
      "ContainerOverrides.Command[1] must be a string, but $.count is a number",
      "write States.Format('{}', $.count)",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/ContainerOverrides/Command.$",
      "ContainerOverrides.Command[2] must be a string, but 1 is a number",
      "write States.Format('{}', 1)",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/ContainerOverrides/Environment/0/Value.$",
      "ContainerOverrides.Environment[0].Value must be a string, but $.nested is an object with the field deep",
      "write States.JsonToString($.nested)",
    ],
  ],
  "invalid-batch-wrong-type-3.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/ContainerOverrides/Command.$",
      "each item of ContainerOverrides.Command must be a string, but each item of $.counts is a number",
      "pass a string instead",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/Timeout/AttemptDurationSeconds.$",
      "Timeout.AttemptDurationSeconds must be a number, but $.name is a string",
      "write States.StringToJson($.name) if the string contains a number",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/Parameters.$",
      "Parameters.text must be a string, but $.numbers.text is a number",
      "pass a string instead",
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
      "ContainerOverrides.Environment[0].Value must be a string, got: 3",
      'write it as a string: "3"',
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/ContainerOverrides/ResourceRequirements/0/Value",
      "ContainerOverrides.ResourceRequirements[0].Value must be a string, got: 2",
      'write it as a string: "2"',
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/Tags/text",
      "Tags.text must be a string, got: true",
      'write it as a string: "true"',
    ],
  ],
  "invalid-conflicting-fields-2.asl.json": [
    [
      "error",
      "choose",
      "/States/choose/Choices/0/StringEquals",
      "Choices[0]: IsNull and StringEquals cannot be used together",
      "split them into two tests and combine them with And",
    ],
  ],
  "invalid-conflicting-fields-3.asl.json": [
    [
      "error",
      "list",
      "/States/list/ItemReader/ReaderConfig/MaxItemsPath",
      "ItemReader.ReaderConfig.MaxItems and ItemReader.ReaderConfig.MaxItemsPath cannot be used together",
      "remove all but one",
    ],
  ],
  "invalid-conflicting-fields.asl.json": [
    ["error", "job", "/States/job/End", "Next and End cannot be used together", "remove all but one"],
  ],
  "invalid-duplicate-field.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/JobName.$",
      'Parameters.JobName is defined twice, as "JobName" and as "JobName.$"',
      "remove one of them",
    ],
  ],
  "invalid-duplicate-state-name.asl.json": [
    [
      "error",
      "job",
      "/States/job",
      "the state name job is defined twice, here and at list/job; state names must be unique in the document",
      "rename one of the states, and update the transitions to it",
    ],
  ],
  "invalid-endless-loop-2.asl.json": [
    [
      "warning",
      "wait",
      "/States/wait",
      "wait, again cannot reach a terminal state",
      'add "End": true to one of them, or a transition to a terminal state',
    ],
  ],
  "invalid-endless-loop.asl.json": [
    [
      "error",
      "job",
      "/States/job",
      "job, wait cannot reach a terminal state",
      'add "End": true to one of them, or a transition to a terminal state',
    ],
  ],
  "invalid-error-name.asl.json": [
    [
      "warning",
      "job",
      "/States/job/Retry/0/ErrorEquals/0",
      "Retry[0] lists States.Timout, which is not an error name of Step Functions",
      "did you mean States.Timeout?",
    ],
  ],
  "invalid-error-order.asl.json": [
    [
      "error",
      "job",
      "/States/job/Catch/0/ErrorEquals",
      "Catch[0] must be the last item, because it contains States.ALL",
      "move it to the end of Catch",
    ],
    [
      "error",
      "job",
      "/States/job/Catch/1/ErrorEquals",
      "Catch[1].ErrorEquals must not combine States.ALL with other names, got: States.Timeout, States.ALL",
      "remove the other names, which States.ALL includes",
    ],
  ],
  "invalid-expression-2.asl.json": [
    [
      "error",
      "list",
      "/States/list/ItemsPath",
      "ItemsPath: $.names[*] can select more than one value",
      "write a path to a single value, with names and indexes only",
    ],
    [
      "error",
      "list",
      "/States/list/ResultPath",
      "ResultPath: $$.x is not a path into the state input",
      'write a path that begins with "$."',
    ],
  ],
  "invalid-expression-3.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/JobName.$",
      'the name of Parameters.JobName.$ ends in ".$", so its value must be a path or an intrinsic function, got: 3',
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
      "list iterates over a list of unlimited length; each item adds 8 events, and AWS ends an execution at 25,000",
      'set maxItems in the input schema, or add "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"} to the ItemProcessor',
    ],
  ],
  "invalid-history-limit.asl.json": [
    [
      "warning",
      "list",
      "/States/list",
      "an execution can have 32,006 events, 32,004 of them from this Map; AWS ends it at 25,000",
      'set maxItems in the input schema, or add "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"} to the ItemProcessor',
    ],
  ],
  "invalid-items-not-a-list.asl.json": [
    [
      "error",
      "list",
      "/States/list/ItemsPath",
      "a Map needs a list, but $.nested is an object with the field deep",
      "set ItemsPath to the path of a list",
    ],
  ],
  "invalid-jsonata-2.asl.json": [
    [
      "error",
      "list",
      "/States/list/Items",
      'Items: "{% $states.input.names" is not a valid JSONata expression: it does not end with %}',
      "write it as {% … %}, see https://docs.jsonata.org",
    ],
    [
      "error",
      "list/job",
      "/States/list/ItemProcessor/States/job/Assign/all/0",
      'Assign.all[0]: "{% $x + %}" is not a valid JSONata expression: Unexpected end of expression',
      "write it as {% … %}, see https://docs.jsonata.org",
    ],
  ],
  "invalid-jsonata.asl.json": [
    [
      "error",
      "prepare",
      "/States/prepare/Output/name",
      'Output.name: "{% $states.input.( %}" is not a valid JSONata expression: Expected ")" before end of expression',
      "write it as {% … %}, see https://docs.jsonata.org",
    ],
  ],
  "invalid-limit-2.asl.json": [
    [
      "error",
      "empty",
      "/States/empty/Label",
      'Label must not be empty or contain white space, control characters or any of ?*<>{}[]:;,\\|^~$#%&`", got: ""',
      "correct the value",
    ],
    [
      "error",
      "spaced",
      "/States/spaced/Label",
      'Label must not be empty or contain white space, control characters or any of ?*<>{}[]:;,\\|^~$#%&`", got: "each item"',
      "correct the value",
    ],
    [
      "error",
      "marked",
      "/States/marked/Label",
      'Label must not be empty or contain white space, control characters or any of ?*<>{}[]:;,\\|^~$#%&`", got: "items#1"',
      "correct the value",
    ],
    ["error", "long", "/States/long/Label", "Label must have at most 40 characters, got: 41", "shorten it"],
  ],
  "invalid-limit-3.asl.json": [
    [
      "error",
      "month",
      "/States/month/Timestamp",
      'Timestamp must be a valid timestamp, got: "2016-13-05T21:29:29Z"',
      "write a timestamp such as 2030-01-31T12:00:00Z",
    ],
    [
      "error",
      "hour",
      "/States/hour/Timestamp",
      'Timestamp must be a valid timestamp, got: "2016-12-05T25:29:29Z"',
      "write a timestamp such as 2030-01-31T12:00:00Z",
    ],
    [
      "error",
      "zone",
      "/States/zone/Timestamp",
      'Timestamp must be a valid timestamp, got: "2016-12-05T21:29:29"',
      "write a timestamp such as 2030-01-31T12:00:00Z",
    ],
    [
      "error",
      "choose",
      "/States/choose/Choices/0/TimestampEquals",
      'Choices[0].TimestampEquals must be a valid timestamp, got: "tomorrow"',
      "write a timestamp such as 2030-01-31T12:00:00Z",
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
  "invalid-map-mode-2.asl.json": [
    [
      "error",
      "list",
      "/States/list/ItemProcessor/ProcessorConfig/ExecutionType",
      "ProcessorConfig.ExecutionType is for distributed Maps only, but this Map is inline",
      'remove it, or add "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"} to the ItemProcessor',
    ],
  ],
  "invalid-map-mode-3.asl.json": [
    [
      "error",
      "list/all/job",
      "/States/list/ItemProcessor/States/all/Branches/0/States/job/Resource",
      "Resource must not end in .sync here: the items of list run as EXPRESS executions, which cannot wait for a task",
      'set "ExecutionType": "STANDARD" in list',
    ],
    [
      "error",
      "list/all/ask",
      "/States/list/ItemProcessor/States/all/Branches/1/States/ask/Resource",
      "Resource must not end in .waitForTaskToken here: the items of list run as EXPRESS executions, which cannot wait for a task",
      'set "ExecutionType": "STANDARD" in list',
    ],
  ],
  "invalid-map-mode.asl.json": [
    [
      "error",
      "list",
      "/States/list/ItemReader",
      "ItemReader is for distributed Maps only, but this Map is inline",
      'remove it, or add "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"} to the ItemProcessor',
    ],
    [
      "error",
      "list",
      "/States/list/ItemBatcher",
      "ItemBatcher is for distributed Maps only, but this Map is inline",
      'remove it, or add "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"} to the ItemProcessor',
    ],
    [
      "error",
      "list",
      "/States/list/Label",
      "Label is for distributed Maps only, but this Map is inline",
      'remove it, or add "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"} to the ItemProcessor',
    ],
    [
      "error",
      "list",
      "/States/list/ToleratedFailureCount",
      "ToleratedFailureCount is for distributed Maps only, but this Map is inline",
      'remove it, or add "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"} to the ItemProcessor',
    ],
    [
      "error",
      "list",
      "/States/list/ToleratedFailurePercentage",
      "ToleratedFailurePercentage is for distributed Maps only, but this Map is inline",
      'remove it, or add "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"} to the ItemProcessor',
    ],
    [
      "error",
      "list",
      "/States/list/ResultWriter",
      "ResultWriter is for distributed Maps only, but this Map is inline",
      'remove it, or add "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"} to the ItemProcessor',
    ],
  ],
  "invalid-missing-field-2.asl.json": [
    ["error", "choose", "/States/choose/Choices/0", "Choices[0] has no test", 'add one, such as "IsPresent": true'],
    [
      "error",
      "choose",
      "/States/choose/Choices/1",
      "Choices[1].Variable is missing",
      "add Variable with the path to the value to test",
    ],
    [
      "error",
      "choose",
      "/States/choose/Choices/2",
      "Choices[2].Next is missing",
      "add Next with the name of the next state",
    ],
  ],
  "invalid-missing-field-3.asl.json": [
    [
      "error",
      "list",
      "/States/list/ItemProcessor/ProcessorConfig",
      "ProcessorConfig.ExecutionType is missing; AWS requires it with Mode DISTRIBUTED",
      'add "ExecutionType": "STANDARD", or "EXPRESS"',
    ],
  ],
  "invalid-missing-field-4.asl.json": [
    ["error", "job", "/States/job/Credentials", "Credentials.RoleArn is missing", "add RoleArn"],
  ],
  "invalid-missing-field-5.asl.json": [
    [
      "error",
      "nothing",
      "/States/nothing/ResultWriter",
      "ResultWriter must have WriterConfig, or Resource and Parameters",
      "add WriterConfig, or Resource and Parameters",
    ],
    [
      "error",
      "nowhere",
      "/States/nowhere/ResultWriter",
      "ResultWriter must have WriterConfig, or Resource and Parameters",
      "add WriterConfig, or Resource and Parameters",
    ],
  ],
  "invalid-missing-field-6.asl.json": [
    ["error", "choose", "/States/choose/Choices/0", "Choices[0].Condition is missing", "add Condition"],
    ["error", "choose", "/States/choose/Choices/1", "Choices[1].Next is missing", "add Next"],
  ],
  "invalid-missing-field.asl.json": [["error", "gone", "/States/gone", "Next or End is missing", "add Next or End"]],
  "invalid-path-as-text.asl.json": [
    [
      "warning",
      "job",
      "/States/job/Parameters/ContainerOverrides/Environment/0/Value",
      'Parameters.ContainerOverrides.Environment[0].Value is the literal text "$.name", which is not evaluated',
      'add ".$" to the name: "Value.$"',
    ],
  ],
  "invalid-path-not-found-2.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/JobName.$",
      "$.prepared.lable does not exist: $.prepared is an object with the field label",
      "did you mean $.prepared.label?",
    ],
  ],
  "invalid-path-not-found-3.asl.json": [
    [
      "error",
      "list/job",
      "/States/list/ItemProcessor/States/job/Parameters/JobName.$",
      "$.name does not exist: $ is an object with the field value",
      "add it to the ItemSelector of list, or use another path",
    ],
  ],
  "invalid-path-not-found-4.asl.json": [
    [
      "error",
      "list/job",
      "/States/list/ItemProcessor/States/job/Parameters/JobName.$",
      "$.name does not exist: $ is a string",
      "add it to the ItemSelector of list, or use another path",
    ],
  ],
  "invalid-path-not-found-5.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/JobName.$",
      "$$.Map.Item.Value does not exist: $$ is an object with the fields Execution, State, StateMachine",
      "$$.Map.Item exists only in the ItemSelector and in the states of a Map: pass it on in the ItemSelector",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/Timeout/AttemptDurationSeconds.$",
      "$$.Map.Item.Index does not exist: $$ is an object with the fields Execution, State, StateMachine",
      "$$.Map.Item exists only in the ItemSelector and in the states of a Map: pass it on in the ItemSelector",
    ],
    [
      "error",
      "job",
      "/States/job/Parameters/Tags/by.$",
      "$$.Execution.Nmae does not exist: $$.Execution is an object with the fields Id, Name, RoleArn, StartTime, RedriveTime, Input, RedriveCount",
      "did you mean $$.Execution.Name?",
    ],
  ],
  "invalid-path-not-found-6.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/JobName.$",
      "$.results.a does not exist: $.results is a list",
      "use another path, or add it to the input schema or to the output of an earlier state",
    ],
  ],
  "invalid-path-not-found-7.asl.json": [
    [
      "error",
      "failed",
      "/States/failed/CausePath",
      "$.cause does not exist: $ is an object with the fields Error, Cause",
      "did you mean $.Cause?",
    ],
  ],
  "invalid-path-not-found-8.asl.json": [
    [
      "error",
      "choose",
      "/States/choose/Choices/0/Not/Variable",
      "$.nested.deeper does not exist: $.nested is an object with the field deep",
      "did you mean $.nested.deep?",
    ],
  ],
  "invalid-path-not-found.asl.json": [
    [
      "error",
      "job",
      "/States/job/Parameters/JobName.$",
      "$.nam does not exist: $ is an object with the fields name, count, names, counts, numbers, nested, open, long, endless",
      "did you mean $.name?",
    ],
  ],
  "invalid-query-language.asl.json": [
    [
      "error",
      "job",
      "/States/job/QueryLanguage",
      "QueryLanguage must not be JSONPath, because the document uses JSONata",
      'write the state in JSONata, or move "QueryLanguage": "JSONata" from the document to the states that use it',
    ],
  ],
  "invalid-state-name-length.asl.json": [
    [
      "error",
      "jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj",
      "/States/jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj",
      "a state name must have at most 80 characters, got: 81",
      "shorten it, and update the transitions to the state",
    ],
  ],
  "invalid-state-type.asl.json": [
    ["error", "pass", "/States/pass", 'Type of pass must be a state type, got: "Pas"', "did you mean Pass?"],
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
      "move it to a Task or to the top level of the document, the only places where AWS allows it",
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
      "Resource must be an integration that has an IAM rule, got: arn:aws:states:::ecs:runTask.sync",
      "use one of batch:submitJob, batch:submitJob.sync, dynamodb:deleteItem, dynamodb:getItem, dynamodb:putItem, dynamodb:updateItem, lambda:invoke, lambda:invoke.waitForTaskToken, sns:publish, sqs:sendMessage, sqs:sendMessage.waitForTaskToken, states:startExecution, or add a rule to src/asl/permissions.ts",
    ],
  ],
  "invalid-unknown-integration.asl.json": [
    [
      "error",
      "call",
      "/States/call/Resource",
      "Resource must be an integration that has an IAM rule, got: arn:${Partition}:states:::batch:submitjob.sync",
      "did you mean batch:submitJob.sync? Otherwise add a rule to src/asl/permissions.ts",
    ],
  ],
  "invalid-unknown-placeholder-2.asl.json": [
    [
      "error",
      "sum",
      "/States/sum/Parameters/JobDefinition",
      "${SumUpJobDefinitionArn} has no value",
      "did you mean ${EchoJobDefinitionArn}? or add a job `sum-up` to cdktf.json",
    ],
  ],
  "invalid-unknown-placeholder-3.asl.json": [
    [
      "error",
      "sum",
      "/States/sum/Parameters/JobDefinition",
      "${sumUpJobDefinitionArn} has no value",
      "did you mean ${EchoJobDefinitionArn}?",
    ],
  ],
  "invalid-unknown-placeholder.asl.json": [
    ["error", "job", "/States/job/Parameters/JobQueue", "${JobQueuArn} has no value", "did you mean ${JobQueueArn}?"],
  ],
  "invalid-unknown-target-2.asl.json": [
    [
      "error",
      "list/job",
      "/States/list/ItemProcessor/States/job/Next",
      "Next refers to the state done, which is outside this block of states",
      "use a state of the same block: job",
    ],
  ],
  "invalid-unknown-target.asl.json": [
    [
      "error",
      "job",
      "/States/job/Catch/0/Next",
      "Catch[0].Next refers to the state dnoe, which does not exist",
      "did you mean done?",
    ],
  ],
  "invalid-unreachable-state-2.asl.json": [
    [
      "error",
      "lost",
      "/States/lost",
      "lost is not reachable from the start state job",
      "add a transition to it (Next, Default or Catch), or remove it",
    ],
    [
      "error",
      "found",
      "/States/found",
      "found is not reachable from the start state job",
      "add a transition to it (Next, Default or Catch), or remove it",
    ],
  ],
  "invalid-unreachable-state.asl.json": [
    [
      "error",
      "lost",
      "/States/lost",
      "lost is not reachable from the start state job",
      "add a transition to it (Next, Default or Catch), or remove it",
    ],
  ],
  "invalid-unused-placeholder.asl.json": [
    [
      "error",
      null,
      "",
      "the document does not use ${EchoJobDefinitionArn}, so its job never runs",
      "use it as the JobDefinition of a Task, or remove the job from the settings",
    ],
  ],
  "invalid-wrong-type-2.asl.json": [
    [
      "error",
      "wait",
      "/States/wait/Seconds",
      'Seconds must be a whole number, got: "5"',
      "write a number without quotes",
    ],
    ["error", "job", "/States/job/Retry", 'Retry must be a list, got: "{ }"', "put it in [ and ]"],
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
