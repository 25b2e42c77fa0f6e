/** The progress of a run, from its events. A redrive goes on from there. */
import { innerBlocks, type States, type StatesDocument } from "../../asl/document";
import type { Json, JsonObject } from "../../base/json";
import type { ExecutionEvent, Place } from "../../execution/events";
import type { KnownBlock, KnownBlocks } from "../interpreter/known-blocks";

export class RunProgress implements KnownBlocks {
  private readonly top: Block;
  private readonly paths: ReadonlyMap<string, readonly Level[]>;
  private isInputMasked = false;
  /** The first state that was entered. */
  private first: Place | null = null;

  constructor(private readonly document: StatesDocument) {
    this.top = newBlock();
    this.paths = new Map(pathsOf(document, [{ start: document.StartAt, depth: 0 }]));
  }

  /** Takes the events of the run, from the first one on. */
  record(event: ExecutionEvent): void {
    if (event.type === "execution-started") this.isInputMasked = event.masked === true;
    if (!("state" in event)) return;
    if (event.type === "state-entered") this.first ??= event;
    const block = this.blockOf(event, true);
    if (block === null) return;
    const isWhole = event.masked === undefined && event.leftOut === undefined;
    const visit = block.visit?.state === event.state ? block.visit : null;
    switch (event.type) {
      case "state-entered":
        leave(block);
        // A redrive enters a state again: what is inside goes on.
        block.visit = visit?.isOver ? { ...visit, isOver: false } : newVisit(event.state, block);
        if (isWhole && event.input !== undefined) block.visit.input = { value: event.input };
        break;
      case "map-started":
        if (visit !== null) visit.isStarted = true;
        break;
      case "map-run":
        if (visit !== null) visit.mapRunArn = event.mapRunArn;
        break;
      case "task-succeeded":
        if (visit !== null) visit.answer = isWhole ? { value: event.result } : null;
        break;
      case "state-retried":
        if (visit !== null) Object.assign(visit, newVisit(event.state, block), { input: visit.input });
        break;
      case "state-failed":
      case "state-aborted":
        if (visit !== null) Object.assign(visit, { isOver: true, answer: null });
        break;
      case "state-succeeded":
      case "state-caught":
        // Until the next state is entered, this one can be run again without its tasks: then it sets its variables again.
        if (visit !== null) visit.departure = { assigned: event.assigned ?? {}, isWhole };
        if (event.type === "state-succeeded" && event.output !== undefined) {
          block.output = { value: event.output };
          block.isWhole &&= isWhole;
          block.visit = null;
        }
        break;
      default:
    }
  }

  /** Returns why the run cannot go on from where it failed; `null` if it can. */
  get problem(): string | null {
    if (this.isInputMasked) return "secrets are hidden in what is kept of its input";
    if (this.first !== null && this.first.state !== this.document.StartAt) {
      return `it began at '${this.first.state}', not at the first state of the document`;
    }
    if (isUsable(this.top)) return null;
    const { visit } = this.top;
    return `secrets are hidden, or data is left out, in what is kept of its states up to '${visit?.state ?? ""}'`;
  }

  block(start: Place): KnownBlock | null {
    const block = this.blockOf(start, false);
    if (block === null || block.isTaken) return null;
    block.isTaken = true;
    if (!isUsable(block)) {
      block.visit = null;
      return null;
    }
    if (block.output !== null) return { output: block.output.value };
    const { visit, assigned } = block;
    return visit === null ? null : { state: visit.state, input: visit.input, assigned };
  }

  map(place: Place): { readonly isStarted: boolean; readonly mapRunArn: string | null } {
    const visit = this.visitOf(place);
    return { isStarted: visit?.isStarted ?? false, mapRunArn: visit?.mapRunArn ?? null };
  }

  /** Returns the answer of a task that came before its state could succeed; `null` if there is none. */
  answer(place: Place): { readonly value: Json } | null {
    return this.visitOf(place)?.answer ?? null;
  }

  forget(place: Place): void {
    const block = this.blockOf(place, false);
    if (block?.visit?.state === place.state) block.visit = null;
  }

  private visitOf(place: Place): Visit | null {
    const visit = this.blockOf(place, false)?.visit ?? null;
    return visit?.state === place.state ? visit : null;
  }

  /** Finds the block of a state. `make` creates those that are missing. */
  private blockOf({ state, indices }: Place, make: boolean): Block | null {
    const [, ...levels] = this.paths.get(state) ?? [];
    if (!this.paths.has(state)) return null;
    let block = this.top;
    for (const { start, depth } of levels) {
      if (block.visit === null) return null;
      const key = `${indices.slice(0, depth).join(",")} ${start}`;
      let inner = block.visit.inner.get(key);
      if (inner === undefined) {
        if (!make) return null;
        inner = newBlock();
        block.visit.inner.set(key, inner);
      }
      block = inner;
    }
    return block;
  }
}

// --- internal ---

/** A block around a state: the state that it starts with, and the number of Maps around it. */
interface Level {
  readonly start: string;
  readonly depth: number;
}

/** A document, a branch or an item. */
interface Block {
  visit: Visit | null;
  readonly assigned: JsonObject;
  /** `null` until its last state succeeds. */
  output: { readonly value: Json } | null;
  /** Its variables and its output are kept as they were. */
  isWhole: boolean;
  isTaken: boolean;
}

/** The last visit to a state of a block. */
interface Visit {
  readonly state: string;
  input: { readonly value: Json } | null;
  /** The state is the first one of the block, so its input is that of the block. */
  readonly isFirst: boolean;
  /** It failed or was stopped. */
  isOver: boolean;
  /** The variables that it has set when it succeeded or was caught. */
  departure: { readonly assigned: JsonObject; readonly isWhole: boolean } | null;
  isStarted: boolean;
  mapRunArn: string | null;
  answer: { readonly value: Json } | null;
  /** The branches or items, by their indices and first states. */
  readonly inner: Map<string, Block>;
}

function newBlock(): Block {
  return { visit: null, assigned: {}, output: null, isWhole: true, isTaken: false };
}

function newVisit(state: string, { visit }: Block): Visit {
  return {
    ...{ state, input: null, isFirst: visit === null, isOver: false, departure: null },
    ...{ isStarted: false, mapRunArn: null, answer: null, inner: new Map() },
  };
}

/** Keeps what the last state of a block has set, if that succeeded or was caught. */
function leave(block: Block): void {
  const departure = block.visit?.departure ?? null;
  if (departure === null) return;
  Object.assign(block.assigned, departure.assigned);
  block.isWhole &&= departure.isWhole;
}

/** Returns whether a block can end or go on with what is known of it. */
function isUsable({ isWhole, visit, output }: Block): boolean {
  if (!isWhole) return false;
  if (output !== null || visit === null) return true;
  return visit.input !== null || visit.isFirst;
}

function* pathsOf(block: States, path: readonly Level[]): Generator<[string, readonly Level[]]> {
  for (const [name, state] of Object.entries(block.States)) {
    yield [name, path];
    const depth = path.at(-1)!.depth + (state.Type === "Map" ? 1 : 0);
    for (const inner of innerBlocks(state))
      yield* pathsOf(inner.block, [...path, { start: inner.block.StartAt, depth }]);
  }
}
