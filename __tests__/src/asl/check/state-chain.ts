/** Documents with many states, and one mistake. */
import { check } from "../../../../src/asl/check/check-document";
import type { StatesDocument } from "../../../../src/asl/document";
import type { JsonObject } from "../../../../src/base/json";
import { checkInput } from "./check-input";
import { ECHO } from "./echo-check";

const step = ECHO.States.step1 as unknown as { Parameters: JsonObject };
const job = { ...step, Parameters: { ...step.Parameters, ContainerOverrides: { Command: ["x"] } } };

/** A chain of Pass states, with other `states` in their place, and a job at the end. */
export function stateChain(length: number, states: JsonObject): JsonObject {
  return {
    StartAt: "s0",
    States: {
      ...Object.fromEntries(
        Array.from({ length }, (_, index) => [`s${index}`, { Type: "Pass", Next: `s${index + 1}` }]),
      ),
      ...states,
      [`s${length}`]: { ...job, Next: "end" },
      end: { Type: "Succeed" },
    },
  };
}

/** Returns the rules that the document breaks, each with its place. */
export function brokenRules(document: JsonObject): string[] {
  return check(checkInput(document as unknown as StatesDocument, false)).map(
    ({ rule, pointer }) => `${rule} ${pointer}`,
  );
}
