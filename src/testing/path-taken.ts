/**
 * The path of an execution: the states that it entered, as if the items of a Map and the branches of a Parallel ran one after
 * another. So the order does not depend on which one was faster.
 */
import { type ExecutionEvent, type Place, placeName } from "../execution/events";
import { type MockableStates, outermostMap } from "./mockable-states";

/**
 * Returns the states of the path, as a user reads them: `step1`, `step2_job[0]`. In a Map of `summarized`, each different way through
 * the items comes once, and its states have no index. These Maps are outermost ones.
 */
export function pathTaken(
  events: readonly ExecutionEvent[],
  states: MockableStates,
  summarized: ReadonlySet<string>,
): string[] {
  const entered = events.flatMap((event) => (event.type === "state-entered" ? [event] : []));
  return inOrder(entered, 0, { states, summarized });
}

/** Returns the Maps whose states a path names without an index. */
export function summarizedMaps(path: readonly string[], states: MockableStates): Set<string> {
  const maps = path.filter((name) => states.has(name)).map((name) => outermostMap(name, states));
  return new Set(maps.filter((map) => map !== null));
}

// --- internal ---

interface Reading {
  readonly states: MockableStates;
  readonly summarized: ReadonlySet<string>;
}

/** Orders the states of one run of a block, which has `depth` Maps and Parallels around it. */
function inOrder(entered: readonly Place[], depth: number, reading: Reading): string[] {
  const visits: { readonly place: Place; readonly inside: Place[] }[] = [];
  for (const place of entered) {
    if (reading.states.get(place.state)!.around.length > depth) visits.at(-1)!.inside.push(place);
    else visits.push({ place, inside: [] });
  }
  return visits.flatMap(({ place, inside }) => [nameIn(place, reading), ...innerPaths(place, inside, depth, reading)]);
}

/** Returns the paths inside one visit to a Map or a Parallel, one after another. */
function innerPaths(parent: Place, inside: readonly Place[], depth: number, reading: Reading): string[] {
  const isMap = reading.states.get(parent.state)!.type === "Map";
  const runs = new Map<number, Place[]>();
  for (const place of inside) {
    const run = isMap ? place.indices[parent.indices.length]! : reading.states.get(place.state)!.around[depth]!.branch;
    const others = runs.get(run);
    if (others === undefined) runs.set(run, [place]);
    else others.push(place);
  }
  const paths = [...runs]
    .sort(([one], [other]) => one - other)
    .map(([, places]) => inOrder(places, depth + 1, reading));
  const isSummarized = isMap && reading.summarized.has(outermostMap(parent.state, reading.states) ?? parent.state);
  return isSummarized ? [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()].flat() : paths.flat();
}

function nameIn(place: Place, { states, summarized }: Reading): string {
  const map = outermostMap(place.state, states);
  return map !== null && summarized.has(map) ? place.state : placeName(place);
}
