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
        `the name ${name} stands twice, here and at ${other}; no two states of a document may share a name`,
        "rename one of the two, with what leads to it",
      );
    }
    if (name.length > LONGEST_NAME) {
      const message = `the name of a state must have at most ${LONGEST_NAME} characters, got: ${name.length}`;
      yield error("state-name-length", pointer, message, "shorten it, with what leads to it");
    }
  }
}
