import type { StatesDocument } from "../../../src/asl/document";

const task = (service: string, fields: object = {}) => ({
  Type: "Task",
  Resource: `arn:aws:states:::${service}`,
  ...fields,
});

/** A document with tasks outside Maps, in a Map and in a Map of that Map. All tasks in Maps have a timeout. */
export const DOCUMENT = {
  StartAt: "Notify",
  States: {
    Notify: task("sns:publish", { Next: "Each" }),
    Each: {
      Type: "Map",
      ItemProcessor: {
        StartAt: "Charge",
        States: {
          Charge: task("lambda:invoke", { TimeoutSeconds: 60, Next: "Inner" }),
          Inner: {
            Type: "Map",
            Iterator: { StartAt: "Deep", States: { Deep: task("lambda:invoke", { TimeoutSeconds: 5, End: true }) } },
            End: true,
          },
        },
      },
      Next: "Ask",
    },
    Ask: task("sqs:sendMessage.waitForTaskToken", { HeartbeatSeconds: 10, Next: "odd[1]" }),
    "odd[1]": task("sqs:sendMessage", { TimeoutSecondsPath: "$.seconds", Next: "Done" }),
    Done: { Type: "Succeed" },
  },
} as unknown as StatesDocument;
