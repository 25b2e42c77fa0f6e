/** Finds where `--from` and `--only` begin, and the input that the state had in an earlier run. */
import { join } from "node:path";
import { type StateLocation, type StatesDocument, walkStates } from "../asl/document";
import { isDistributed } from "../asl/map-mode";
import { UsageError } from "../base/errors";
import type { Json } from "../base/json";
import { suggest } from "../base/suggest";
import { listed, printable } from "../base/text";
import { type Place, placeName } from "../execution/events";
import type { StartPoint } from "../local/interpreter/start-point";
import { collectEnteredStates, type EnteredState } from "../local/runs/entered-states";
import { EventReader } from "../local/runs/event-file";
import { type KeptRun, RUN_FILES, readContent } from "../local/runs/run-folder";

/** The flags that choose a state. */
export interface StartFlags {
  readonly from: string | undefined;
  readonly only: string | undefined;
}

/** The state that the user named. */
export interface ChosenState extends Place {
  /** The flag and its value, for messages. */
  readonly flag: string;
  readonly isOnly: boolean;
  /** The Maps around the state, outermost first. */
  readonly maps: readonly string[];
}

export interface Start {
  /** The input of the execution of the earlier run. */
  readonly input: Json;
  readonly point: StartPoint;
}

/**
 * Returns the state that the flags name; `null` without them.
 * @throws UsageError if the document has no such state, or an execution cannot begin there
 */
export function chosenState({ from, only }: StartFlags, document: StatesDocument): ChosenState | null {
  const text = from ?? only;
  if (text === undefined) return null;
  const isOnly = only !== undefined;
  const flag = `\`--${isOnly ? "only" : "from"} ${printable(text)}\``;
  const states = new Map([...walkStates(document)].map((location) => [location.name, location]));
  const { state, indices } = placeIn(text, states);
  const location = states.get(state);
  if (location === undefined) {
    throw new UsageError(
      `${flag}: the document has no state \`${printable(state)}\`; ${suggest(state, [...states.keys()], "states")}`,
    );
  }
  const [outermost] = location.parents;
  if (!isOnly && outermost !== undefined) {
    const around = `${states.get(outermost)!.state.Type} \`${outermost}\``;
    throw new UsageError(
      `${flag}: the state is inside the ${around}, and an execution cannot begin there; use \`--from ${outermost}\`, or run the state alone with \`--only\``,
    );
  }
  const maps = location.parents.filter((name) => states.get(name)!.state.Type === "Map");
  const distributed = maps.find((name) => isDistributed(states.get(name)!.state));
  if (distributed !== undefined) {
    throw new UsageError(
      `${flag}: the state is inside the distributed Map \`${distributed}\`, whose items are executions of their own; use \`--only ${distributed}\``,
    );
  }
  if (maps.length !== indices.length) {
    const wanted = placeName({ state, indices: maps.map(() => 0) });
    const around =
      maps.length === 0 ? "no Map is around the state" : `the state is inside ${listed(maps, maps.length)}`;
    throw new UsageError(
      `${flag}: ${around}, so it must be named such as \`--${isOnly ? "only" : "from"} '${wanted}'\``,
    );
  }
  return { state, indices, flag, isOnly, maps };
}

/**
 * Reads what a state had in the first of some runs that reached it.
 * @throws UsageError if none of them did, or what the state had is not kept
 */
export async function startAt(
  chosen: ChosenState,
  document: StatesDocument,
  runs: readonly KeptRun[],
): Promise<{ readonly run: KeptRun; readonly start: Start }> {
  const { state, indices, isOnly, maps, flag } = chosen;
  const places = maps.map((map, depth) => ({ state: map, indices: indices.slice(0, depth) }));
  for (const run of runs) {
    const data = collectEnteredStates(document, [chosen, ...places]);
    for await (const events of new EventReader(join(run.folder, RUN_FILES.events)).read()) events.forEach(data.sink);
    const own = data.last(chosen);
    if (own === null) continue;
    const { input, variables } = whole(own, chosen, flag, run);
    const around = places.map((place) => ({ state: place.state, ...whole(data.last(place), place, flag, run) }));
    const point = { state, indices, input, variables, around, isOnly };
    return { run, start: { input: readContent(run, "input"), point } };
  }
  const which = runs.length === 1 ? `the run ${runs[0]!.head.name}` : "no kept run";
  throw new UsageError(
    `${flag}: ${which} ${runs.length === 1 ? "never " : ""}reached ${placeName(chosen)}; run the whole workflow with \`--resume\``,
  );
}

// --- internal ---

/** @throws UsageError if a part is not kept */
function whole(data: EnteredState | null, place: Place, flag: string, { head }: KeptRun): EnteredState {
  const problem =
    data === null || data.isLeftOut
      ? "was too large to be kept"
      : data.isMasked
        ? "has a secret, which is not kept"
        : null;
  if (data !== null && problem === null) return data;
  throw new UsageError(
    `${flag}: the input of ${placeName(place)}, or a variable that it can read, ${problem} in the run ${head.name}; run the whole workflow with \`--resume\``,
  );
}

/** Takes `item[3][0]` apart. A name may end in brackets itself. */
function placeIn(text: string, states: ReadonlyMap<string, StateLocation>): Place {
  const numbers = /(?:\[\d{1,9}\])+$/.exec(text)?.[0];
  if (numbers === undefined || states.has(text)) return { state: text, indices: [] };
  return {
    state: text.slice(0, -numbers.length),
    indices: [...numbers.matchAll(/\d+/g)].map(([digits]) => Number(digits)),
  };
}
