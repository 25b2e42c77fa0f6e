/** The lines below the name of a state. */
import type { State } from "../document";
import { mapWords } from "./map-words";
import { taskWords } from "./task-words";
import { assignWords, valueWords } from "./value-words";

/** The sign of a state that has a Retry. */
const RETRIED = "↻";

/** Describes a state in lines: its work, and the variables that it sets. */
export function stateWords(type: State["Type"], state: State): string[] {
  const work = WORK[type](state);
  const isRetried = Array.isArray(state.Retry) && state.Retry.length > 0;
  const [first, ...more] = isRetried ? [[...work.slice(0, 1), RETRIED].join(" "), ...work.slice(1)] : work;
  const assigned = assignWords(state.Assign);
  return [...(first === undefined ? [] : [first]), ...more, ...(assigned === null ? [] : [assigned])];
}

// --- internal ---

const WORK: Record<State["Type"], (state: State) => string[]> = {
  Task: (state) => [taskWords(state)],
  Map: mapWords,
  Wait: ({ Seconds, SecondsPath, Timestamp, TimestampPath }) => {
    const until = Timestamp ?? TimestampPath;
    return [until === undefined ? `${valueWords(Seconds ?? SecondsPath)} s` : `until ${valueWords(until)}`];
  },
  Fail: ({ Error: error, ErrorPath: path }) => {
    const shown = error ?? path;
    return shown === undefined ? [] : [valueWords(shown)];
  },
  Pass: () => [],
  Choice: () => [],
  Succeed: () => [],
  Parallel: () => [],
};
