import { jsonataEvaluator } from "../../../../../src/local/interpreter/languages/jsonata-evaluator";

test("a regular expression that backtracks is stopped", async () => {
  const evaluate = jsonataEvaluator({ now: () => 0 }, { random: () => 0, uuid: () => "an-id" });
  await expect(evaluate(`$match('${"a".repeat(40)}!', /^(a+)+$/)`, "Output", {})).rejects.toMatchObject({
    error: "States.QueryEvaluationError",
    cause: expect.stringMatching(/takes more than 1 s/),
  });
});
