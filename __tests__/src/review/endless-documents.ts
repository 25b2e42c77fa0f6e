import { writeComment } from "../../../src/review/comment";
import { readPlan } from "../../../src/review/plan";

/** A state machine in a plan, whose document changes. */
export const changedMachine = (before: string | null, after: string) => ({
  address: "aws_sfn_state_machine.a",
  type: "aws_sfn_state_machine",
  change: {
    actions: before === null ? ["create"] : ["update"],
    before: before === null ? null : { definition: before },
    after: { definition: after },
  },
});

/** Returns the comment on a plan with these resources. */
export const commentOn = (...resource_changes: object[]) =>
  writeComment({
    ...{ name: "echo", environment: "dev", region: "eu-west-1", running: [], image: null, problems: [] },
    stacks: [{ stack: "workflow", plan: readPlan({ format_version: "1.2", resource_changes }), failure: null }],
  });

/** A document of so many states, each with this comment. */
export const chain = (states: number, comment: string) =>
  JSON.stringify({
    StartAt: "s0",
    States: Object.fromEntries(
      Array.from({ length: states }, (_, index) => [
        `s${index}`,
        { Type: "Pass", Comment: comment, ...(index === states - 1 ? { End: true } : { Next: `s${index + 1}` }) },
      ]),
    ),
  });
