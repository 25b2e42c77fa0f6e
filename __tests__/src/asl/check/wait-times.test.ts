import { problemsOf } from "./problems-of";

function waiting(fields: Record<string, string | number>): string[] {
  return problemsOf({ StartAt: "wait", States: { wait: { Type: "Wait", ...fields, End: true } } });
}

test("a time more than 68 years away is an error", () => {
  expect(waiting({ Timestamp: "2100-01-01T00:00:00Z" })).toEqual([
    'error limit /States/wait/Timestamp: Timestamp must be at most 68 years away, got: "2100-01-01T00:00:00Z"; AWS fails the state with States.Runtime; write an earlier time',
  ]);
  expect(waiting({ Timestamp: "2090-12-31T23:59:59Z" })).toEqual([]);
});

test.each([
  [
    5,
    [
      "warning limit /States/task/HeartbeatSeconds: HeartbeatSeconds must be less than TimeoutSeconds, which is 5, got: 5; write less than 5, or remove it",
    ],
  ],
  [4, []],
  ["{% 9 %}", []],
])("a heartbeat of %j seconds within 5 seconds", (HeartbeatSeconds, problems) => {
  const Resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken";
  const Arguments = {
    QueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/q",
    MessageBody: "{% $states.context.Task.Token %}",
  };
  const task = { Type: "Task", Resource, Arguments, TimeoutSeconds: 5, HeartbeatSeconds, End: true };
  const found = problemsOf({ QueryLanguage: "JSONata", StartAt: "task", States: { task } });
  expect(found.filter((problem) => problem.includes("Heartbeat"))).toEqual(problems);
});

test("more seconds than AWS accepts are an error", () => {
  expect(waiting({ Seconds: 100_000_000 })).toEqual([
    "error limit /States/wait/Seconds: Seconds must be at most 99999999, got: 100000000; write 99999999 or less",
  ]);
});
