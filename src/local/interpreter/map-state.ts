/**
 * Runs the states of a Map for each of its items.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map.html
 */
import type { States } from "../../asl/document";
import { isDistributed } from "../../asl/map-mode";
import { runAll } from "../../base/concurrency";
import type { Json } from "../../base/json";
import { itemContext } from "./context-object";
import { runDistributedMap } from "./distributed/distributed-map";
import { itemsOf } from "./map-items";
import type { Attempt, BlockRunner } from "./surroundings";

const MAX_CONCURRENCY = 40;

/** Returns the outputs of the items, in their order, or what a distributed Map makes of them. */
export function runMap(attempt: Attempt, runner: BlockRunner): Promise<Json> {
  return isDistributed(attempt.state) ? runDistributedMap(attempt, runner) : runInlineMap(attempt, runner);
}

// --- internal ---

async function runInlineMap(attempt: Attempt, { clock, emit, known, runBlock }: BlockRunner): Promise<Json> {
  const { place, state, fields, indices, signal, context, variables, eventIds } = attempt;
  const processor = (state.ItemProcessor ?? state.Iterator) as unknown as States;
  const items = [...itemsOf(await fields.items())];
  const template = fields.itemSelector();
  const limit = (await fields.number("MaxConcurrency", "integer")) || MAX_CONCURRENCY;
  if (!known?.map(place).isStarted) emit({ ...place, at: clock.now(), type: "map-started", total: items.length });
  eventIds.skip(1);
  const outputs = new Array<Json>(items.length);
  await runAll(items.length, Math.min(limit, MAX_CONCURRENCY), signal, async (index, inner) => {
    const { input: item, value } = items[index]!;
    const ofItem = itemContext(context, { Index: index, Value: value });
    eventIds.skip(1);
    const input = template === undefined ? item : await fields.template(template, "ItemSelector", ofItem);
    const around = { context: ofItem, variables: variables.inside(), eventIds };
    outputs[index] = await runBlock(processor, input, { ...around, indices: [...indices, index], signal: inner });
    eventIds.skip(1);
  });
  eventIds.skip(1);
  return outputs;
}
