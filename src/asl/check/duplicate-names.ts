import { error, type Finding } from "./problem";
import type { Subject } from "./subject";

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const LONGEST_NAME = 80;

/** Finds state names that occur twice or are too long. */
export function* findBadNames({ states }: Subject): Generator<Finding, void, undefined> {
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
