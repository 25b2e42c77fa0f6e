import { checkState } from "../../asl/check/grammar";
import { findForeignFields } from "../../asl/check/language-fields";
import type { Finding } from "../../asl/check/problem";
import type { State } from "../../asl/document";
import { StatesError } from "./states-error";

/** Refuses states that AWS would not have accepted, so that the interpreter can rely on the types of all fields. */
export class SoundStates {
  private readonly sound = new WeakSet<State>();

  /** Looks at each state once. @throws StatesError `States.Runtime` if a field is missing, unknown or of the wrong type */
  require(name: string, state: State, jsonata: boolean): void {
    if (this.sound.has(state)) return;
    for (const { severity, rule, message, pointer } of mistakesOf(name, state, jsonata)) {
      if (severity !== "error" || rule === "limit") continue;
      const place = pointer === "" ? "" : ` (${pointer})`;
      throw new StatesError("States.Runtime", `the state is not valid: ${message}${place}`);
    }
    this.sound.add(state);
  }
}

// --- internal ---

/** A state of unknown type has no other mistakes. */
function* mistakesOf(name: string, state: State, jsonata: boolean): Generator<Finding, void, undefined> {
  for (const finding of checkState({ name, state, jsonata, pointer: "" })) {
    yield finding;
    if (finding.rule === "state-type") return;
  }
  yield* findForeignFields(state, "", jsonata ? "JSONata" : "JSONPath");
}
