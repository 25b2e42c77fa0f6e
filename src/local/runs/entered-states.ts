/** Finds the input and the variables that a state had in a kept run. */
import { innerBlocks, type State, type States, type StatesDocument, walkStates } from "../../asl/document";
import type { Json, JsonObject } from "../../base/json";
import { type ExecutionEvent, type Place, placeKey } from "../../execution/events";

/** The data of a state when it was entered. */
export interface EnteredState {
  readonly input: Json;
  /** The variables that the state could read. */
  readonly variables: JsonObject;
  /** A secret was hidden in this. */
  readonly isMasked: boolean;
  /** A part of this was too large to be kept. */
  readonly isLeftOut: boolean;
}

/**
 * Returns a collector of events. `last` gives what a state had when it was last entered; `null` if it never was.
 *
 * @param places the states that will be asked for
 */
export function collectEnteredStates(
  document: StatesDocument,
  places: readonly Place[],
): { readonly sink: (event: ExecutionEvent) => void; readonly last: (place: Place) => EnteredState | null } {
  const blocks = blocksOf(document);
  const wanted = new Map<string, EnteredState | null>(places.map((place) => [placeKey(place), null]));
  /** The variables of each block that has run, by the block and the items of the Maps around it. */
  const scopes = new Map<States, Map<string, Scope>>();

  const scopeAt = (block: States, indices: readonly number[]): Scope =>
    scopes.get(block)?.get(indices.join(",")) ?? NO_VARIABLES;
  const visible = ({ state, indices }: Place): Scope => {
    const around = blocks.get(state)?.blocks ?? [];
    return around
      .map(({ block, depth }) => scopeAt(block, indices.slice(0, depth)))
      .reduce(
        (outer, inner) => ({
          variables: { ...outer.variables, ...inner.variables },
          isMasked: outer.isMasked || inner.isMasked,
          isLeftOut: outer.isLeftOut || inner.isLeftOut,
        }),
        NO_VARIABLES,
      );
  };
  const assign = (event: Place & ExecutionEvent, assigned: JsonObject) => {
    const own = blocks.get(event.state)?.blocks.at(-1)?.block;
    if (own === undefined) return;
    const key = event.indices.join(",");
    const before = scopeAt(own, event.indices);
    const ofBlock = scopes.get(own) ?? new Map<string, Scope>();
    scopes.set(own, ofBlock);
    ofBlock.set(key, {
      variables: { ...before.variables, ...assigned },
      isMasked: before.isMasked || event.masked === true,
      isLeftOut: before.isLeftOut || event.leftOut === true,
    });
  };
  const sink = (event: ExecutionEvent) => {
    if (!("state" in event)) return;
    if (event.type === "state-entered") {
      // The blocks inside begin again without variables.
      for (const block of blocks.get(event.state)?.inner ?? []) forget(scopes.get(block), event.indices);
      const key = placeKey(event);
      if (!wanted.has(key)) return;
      const { variables, isMasked, isLeftOut } = visible(event);
      wanted.set(key, {
        input: event.input ?? null,
        variables,
        isMasked: isMasked || event.masked === true,
        isLeftOut: isLeftOut || event.leftOut === true || event.input === undefined,
      });
    } else if (event.type === "state-succeeded" || event.type === "state-caught") {
      if (event.assigned !== undefined || event.leftOut === true) assign(event, event.assigned ?? {});
    }
  };
  return { sink, last: (place) => wanted.get(placeKey(place)) ?? null };
}

// --- internal ---

interface Scope {
  readonly variables: JsonObject;
  readonly isMasked: boolean;
  readonly isLeftOut: boolean;
}

const NO_VARIABLES: Scope = { variables: {}, isMasked: false, isLeftOut: false };

interface Around {
  /** The blocks around a state, outermost first, each with the number of Maps around it. */
  readonly blocks: readonly { readonly block: States; readonly depth: number }[];
  /** The blocks inside it, at any depth. */
  readonly inner: readonly States[];
}

function blocksOf(document: StatesDocument): ReadonlyMap<string, Around> {
  const found = new Map<string, Around & { readonly isMap: boolean }>();
  for (const { name, state, parents, block } of walkStates(document)) {
    const parent = found.get(parents.at(-1) ?? "");
    const depth = (parent?.blocks.at(-1)?.depth ?? 0) + (parent?.isMap ? 1 : 0);
    found.set(name, {
      isMap: state.Type === "Map",
      blocks: [...(parent?.blocks ?? []), { block, depth }],
      inner: blocksInside(state),
    });
  }
  return found;
}

function blocksInside(state: State): States[] {
  return innerBlocks(state).flatMap(({ block }) => [block, ...Object.values(block.States).flatMap(blocksInside)]);
}

function forget(scopes: Map<string, Scope> | undefined, indices: readonly number[]): void {
  const start = indices.join(",");
  for (const key of scopes?.keys() ?? []) {
    if (start === "" || key === start || key.startsWith(`${start},`)) scopes!.delete(key);
  }
}
