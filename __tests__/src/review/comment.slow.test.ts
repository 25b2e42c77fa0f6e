import { LONGEST_COMMENT, writeComment } from "../../../src/review/comment";
import { readPlan } from "../../../src/review/plan";

describe("a document without end", () => {
  const machine = (before: string | null, after: string) => ({
    address: "aws_sfn_state_machine.a",
    type: "aws_sfn_state_machine",
    change: {
      actions: before === null ? ["create"] : ["update"],
      before: before === null ? null : { definition: before },
      after: { definition: after },
    },
  });
  const commentOn = (...resource_changes: object[]) =>
    writeComment({
      ...{ name: "echo", environment: "dev", region: "eu-west-1", running: [], image: null, problems: [] },
      stacks: [{ stack: "workflow", plan: readPlan({ format_version: "1.2", resource_changes }), failure: null }],
    });
  const chain = (states: number, comment: string) =>
    JSON.stringify({
      StartAt: "s0",
      States: Object.fromEntries(
        Array.from({ length: states }, (_, index) => [
          `s${index}`,
          { Type: "Pass", Comment: comment, ...(index === states - 1 ? { End: true } : { Next: `s${index + 1}` }) },
        ]),
      ),
    });

  test("of thousands of states is compared, and the comment stays short", () => {
    const comment = commentOn(machine(chain(1500, "a"), chain(1500, "b")));
    expect(Buffer.byteLength(comment)).toBeLessThanOrEqual(LONGEST_COMMENT);
    expect(comment).toContain("- `aws_sfn_state_machine.a`: states changed: `s0`, ");
  });
});
