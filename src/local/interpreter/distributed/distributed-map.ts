/**
 * Runs a distributed Map: each item, or each batch of items, is an execution of its own.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 */
import type { States } from "../../../asl/document";
import { Aborted } from "../../../base/concurrency";
import { asObject, isObject, type Json, type JsonObject } from "../../../base/json";
import type { ObjectStore } from "../../data/object-store";
import { NOT_MOCKED } from "../../mocks";
import { childContext, itemContext } from "../context-object";
import { EventIds } from "../event-counts";
import { countItems, itemsOf } from "../map-items";
import { MAX_PAYLOAD_BYTES } from "../payload-size";
import { StatesError } from "../states-error";
import type { Attempt, BlockRunner } from "../surroundings";
import { Variables } from "../variables";
import type { ChildEnd, ChildResult } from "./child-result";
import { InOrder } from "./in-order";
import { type ChildInput, type ItemBatcher, inBatches, oneByOne } from "./item-batches";
import { readItems, type SourcedItem } from "./read-items";
import { itemReader } from "./reader-config";
import { RunCounts } from "./run-counts";
import { runEach } from "./run-each";
import { isExceeded, type Tolerance } from "./tolerance";
import { type MapRun, type Results, type ResultWriter, resultWriter, startResults } from "./write-results";

const MAX_CONCURRENCY = 10_000;

/** Returns the result of the Map: the outputs of the child executions in the order of the items, or where they were written. */
export async function runDistributedMap(attempt: Attempt, runner: BlockRunner): Promise<Json> {
  const { place, state, fields, signal, context, eventIds } = attempt;
  const { clock, emit, uuid, objects, known } = runner;
  const before = known?.map(place) ?? { isStarted: false, mapRunArn: null };
  const begin = (total: number) => {
    if (!before.isStarted) emit({ ...place, at: clock.now(), type: "map-started", total });
  };
  const label = typeof state.Label === "string" ? state.Label : place.state;
  const run = newMapRun(
    String(asObject(context.StateMachine).Id),
    label,
    before.mapRunArn?.split(":").at(-1) ?? uuid(),
  );
  const countFrom = (total: number) => new RunCounts(run.arn, place, total, emit, clock);

  const own = state.ItemReader === undefined ? await fields.items() : null;
  if (own !== null) begin(countItems(own));
  const concurrency = Math.min((await fields.number("MaxConcurrency", "integer")) || MAX_CONCURRENCY, MAX_CONCURRENCY);
  const tolerance = await toleranceOf(attempt);
  // The events MapStateStarted and MapRunStarted.
  eventIds.skip(2);
  const source =
    own !== null
      ? ownItems(own)
      : await countedItems(attempt, objects, signal).catch((failure) => {
          // AWS starts the Map before it reads the items.
          if (!signal.aborted) {
            countFrom(0);
            begin(0);
          }
          throw failure;
        });
  if (own === null) begin(source.total);

  const counts = countFrom(source.total);
  const batcher = await batcherOf(attempt);
  const writer = await writerOf(attempt);
  const results = startResults(writer, run, objects);
  try {
    const keepsPending = writer.target !== null;
    const inputs = childInputs(selectedItems(source.items(), attempt), batcher);
    await runChildren(inputs, { attempt, runner, run, counts, results, concurrency, tolerance, keepsPending });
    const result = await results.finish();
    if (isExceeded(tolerance, counts.failed, counts.total)) {
      throw new StatesError(
        "States.ExceedToleratedFailureThreshold",
        "The specified tolerated failure threshold was exceeded",
      );
    }
    // The events MapRunSucceeded and MapStateSucceeded.
    eventIds.skip(2);
    return result;
  } catch (failure) {
    await results.discard();
    throw failure;
  } finally {
    counts.report();
  }
}

// --- internal ---

async function toleranceOf({ fields }: Attempt): Promise<Tolerance> {
  return {
    count: (await fields.number("ToleratedFailureCount", "integer")) ?? 0,
    percentage: (await fields.number("ToleratedFailurePercentage", "float")) ?? 0,
  };
}

async function readerOf({ state, fields }: Attempt) {
  const { Resource = null, ReaderConfig = {} } = asObject(state.ItemReader);
  const request = await fields.requestOf("ItemReader");
  const config = asObject(await fields.template(ReaderConfig, "ItemReader/ReaderConfig"));
  const maxItems = await fields.number("MaxItems", "integer", "ItemReader/ReaderConfig");
  return itemReader(Resource, request, config, maxItems);
}

async function batcherOf({ state, fields }: Attempt): Promise<ItemBatcher | null> {
  if (!isObject(state.ItemBatcher)) return null;
  const { BatchInput } = state.ItemBatcher;
  return {
    maxItems: (await fields.number("MaxItemsPerBatch", "integer", "ItemBatcher")) ?? Infinity,
    maxBytes: (await fields.number("MaxInputBytesPerBatch", "integer", "ItemBatcher")) ?? MAX_PAYLOAD_BYTES,
    batchInput: BatchInput === undefined ? undefined : await fields.template(BatchInput, "ItemBatcher/BatchInput"),
  };
}

async function writerOf({ state, fields }: Attempt): Promise<ResultWriter> {
  const { Resource, WriterConfig } = asObject(state.ResultWriter);
  const request = Resource === undefined ? null : await fields.requestOf("ResultWriter");
  return resultWriter(request, asObject(WriterConfig));
}

function newMapRun(stateMachineArn: string, label: string, id: string): MapRun {
  return {
    ...{ id, label },
    arn: `${stateMachineArn.replace(":stateMachine:", ":mapRun:")}/${label}:${id}`,
    stateMachineArn: `${stateMachineArn}/${label}`,
  };
}

/** The items of a Map. They can be read more than once. */
interface Source {
  readonly total: number;
  readonly items: () => AsyncIterable<SourcedItem>;
}

function ownItems(data: Json[] | JsonObject): Source {
  async function* items(): AsyncGenerator<SourcedItem> {
    for (const item of itemsOf(data)) yield { ...item, source: "STATE_DATA" };
  }
  return { total: countItems(data), items };
}

/** Reads the items once to count them, so that none has to be kept. */
async function countedItems(attempt: Attempt, objects: ObjectStore, signal: AbortSignal): Promise<Source> {
  const reader = await readerOf(attempt);
  const items = () => readItems(reader, objects);
  let total = 0;
  for await (const _ of items()) {
    if (signal.aborted) throw new Aborted();
    total += 1;
  }
  return { total, items };
}

/** Applies the ItemSelector to each item. */
async function* selectedItems(items: AsyncIterable<SourcedItem>, { fields, context }: Attempt): AsyncGenerator<Json> {
  const template = fields.itemSelector();
  let Index = 0;
  for await (const { input, value: Value, key, source: Source } of items) {
    if (template === undefined) {
      yield input;
      continue;
    }
    const Item = { Index, Value, ...(key !== null && { Key: key }), Source };
    yield await fields.template(template, "ItemSelector", itemContext(context, Item));
    Index += 1;
  }
}

function childInputs(items: AsyncIterable<Json>, batcher: ItemBatcher | null): AsyncIterable<ChildInput> {
  return batcher === null ? oneByOne(items) : inBatches(items, batcher);
}

interface Children {
  readonly attempt: Attempt;
  readonly runner: BlockRunner;
  readonly run: MapRun;
  readonly counts: RunCounts;
  readonly results: Results;
  readonly concurrency: number;
  readonly tolerance: Tolerance;
  /** Executions that never started are among the results. */
  readonly keepsPending: boolean;
}

/** Runs the child executions until all have ended, or too many have failed. */
async function runChildren(inputs: AsyncIterable<ChildInput>, children: Children): Promise<void> {
  const { attempt, runner, run, counts, results, concurrency, tolerance, keepsPending } = children;
  const { state, indices, signal, context } = attempt;
  const { clock, uuid, runBlock } = runner;
  const processor = (state.ItemProcessor ?? state.Iterator) as unknown as States;
  const inOrder = new InOrder<ChildResult>((child) => results.add(child));
  let isOver = false;
  const wanted = takeWhile(inputs, () => keepsPending || !isOver);

  await runEach(wanted, concurrency, signal, async ({ value: input, items }, index, stop) => {
    const name = uuid();
    const startedAt = clock.now();
    const own = childContext(context, run.label, name, input, startedAt);
    const child = { executionArn: String(asObject(own.Execution).Id), name, input };
    if (isOver) {
      await inOrder.add(index, { ...child, startedAt: null, stoppedAt: null, end: { status: "PENDING" } });
      return;
    }
    counts.start(items);
    const around = { context: own, variables: Variables.ofExecution(), eventIds: new EventIds() };
    const end = await endOf(stop.signal, () =>
      runBlock(processor, input, { ...around, indices: [...indices, index], signal: stop.signal }),
    );
    const ended = { ...child, startedAt, stoppedAt: clock.now(), end };
    counts.end(items, ended);
    if (isExceeded(tolerance, counts.failed, counts.total)) {
      isOver = true;
      stop.abort();
    }
    await inOrder.add(index, ended);
  });
}

async function* takeWhile<T>(values: AsyncIterable<T>, isWanted: () => boolean): AsyncGenerator<T> {
  for await (const value of values) {
    if (!isWanted()) return;
    yield value;
  }
}

/** Returns how an execution ends. A task without a mock ends the whole run. */
async function endOf(stopped: AbortSignal, run: () => Promise<Json>): Promise<ChildEnd> {
  try {
    return { status: "SUCCEEDED", output: await run() };
  } catch (failure) {
    if (stopped.aborted) return { status: "ABORTED" };
    // Nothing tolerates a task that cannot run here.
    if (!(failure instanceof StatesError) || failure.error === NOT_MOCKED) throw failure;
    return { status: "FAILED", error: failure.error, cause: failure.cause };
  }
}
