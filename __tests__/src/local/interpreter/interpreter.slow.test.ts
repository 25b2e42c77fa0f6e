import { map, runDocument, states, task } from "./run-document";

describe("Map", () => {
  test("runs 10,000 items, never more than 40 at a time", async () => {
    const list = Array.from({ length: 10_000 }, (_, index) => `item ${index}`);
    let running = 0;
    let most = 0;
    const { outcome, events } = await runDocument(
      states({
        all: map(
          { ItemSelector: { "index.$": "$$.Map.Item.Index", "value.$": "$$.Map.Item.Value" }, ResultPath: null },
          states({
            item: task({
              Parameters: { "JobName.$": "States.Format('all-{}', $.index)", "Command.$": "States.Array($.value)" },
              ResultSelector: {},
            }),
          }),
        ),
      }),
      {
        input: list,
        task: async () => {
          running += 1;
          most = Math.max(most, running);
          await Promise.resolve();
          running -= 1;
          return { JobId: "id" };
        },
      },
    );
    expect(outcome.status).toBe("SUCCEEDED");
    expect(events).toHaveLength(2 * 10_000 + 3);
    expect(most).toBe(40);
  });
});
