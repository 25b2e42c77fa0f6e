import { isDistributed } from "../map-mode";
import { error, type Finding } from "./problem";
import type { Subject } from "./subject";

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const LONGEST_NAME = 80;

/** Finds state names that occur twice or are too long, and labels of Maps that occur twice. */
export function* findBadNames({ states }: Subject): Generator<Finding, void, undefined> {
  yield* findEqualLabels(states);
  const first = new Map<string, string>();
  for (const { name, parents, pointer } of states) {
    const path = [...parents, name].join("/");
    const other = first.get(name);
    if (other === undefined) first.set(name, path);
    else {
      yield error(
        "duplicate-state-name",
        pointer,
        `the state name ${name} is defined twice, here and at ${other}; state names must be unique in the document`,
        "rename one of the states, and update the transitions to it",
      );
    }
    if (name.length > LONGEST_NAME) {
      const message = `a state name must have at most ${LONGEST_NAME} characters, got: ${name.length}`;
      yield error("state-name-length", pointer, message, "shorten it, and update the transitions to the state");
    }
  }
}

// --- internal ---

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html (Label) */
function* findEqualLabels(states: Subject["states"]): Generator<Finding, void, undefined> {
  const first = new Map<string, string>();
  for (const { name, state, pointer } of states) {
    const { Label } = state;
    if (!isDistributed(state) || typeof Label !== "string") continue;
    const other = first.get(Label);
    if (other === undefined) first.set(Label, name);
    else {
      const message = `the Label ${Label} is used twice, here and by ${other}; labels must be unique in the document`;
      yield error("duplicate-label", `${pointer}/Label`, message, "write another Label");
    }
  }
}
