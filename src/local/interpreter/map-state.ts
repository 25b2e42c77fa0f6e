/**
 * Runs the states of a Map for each of its items.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map.html
 */
import type { States } from "../../asl/document";
import { isDistributed } from "../../asl/map-mode";
import { runAll } from "../../base/concurrency";
import type { Json } from "../../base/json";
import { childContext, itemContext } from "./context-object";
import { EventIds } from "./event-counts";
import { StatesError } from "./states-error";
import type { Attempt, BlockRunner } from "./surroundings";
import { Variables } from "./variables";

const MAX_CONCURRENCY = { inline: 40, distributed: 10_000 };

/** Returns the outputs of the items, in their order. */
export async function runMap(attempt: Attempt, { clock, emit, uuid, runBlock }: BlockRunner): Promise<Json> {
  const { place, state, fields, indices, signal, context, variables, eventIds } = attempt;
  const processor = (state.ItemProcessor ?? state.Iterator) as unknown as States;
  const distributed = isDistributed(state);
  const most = MAX_CONCURRENCY[distributed ? "distributed" : "inline"];
  const items = await fields.items();
  const template = fields.itemSelector();
  const limit = (await fields.integer("MaxConcurrency")) || Infinity;
  emit({ ...place, at: clock.now(), type: "map-started", total: items.length });
  eventIds.skip(distributed ? 2 : 1);
  const outputs = new Array<Json>(items.length);
  try {
    await runAll(items.length, Math.min(limit, most), signal, async (index, inner) => {
      const value = items[index]!;
      const ofItem = itemContext(context, index, value, distributed);
      if (!distributed) eventIds.skip(1);
      const input = template === undefined ? value : await fields.template(template, "ItemSelector", ofItem);
      const around = distributed
        ? {
            context: childContext(context, place.state, uuid(), input, clock.now()),
            variables: Variables.ofExecution(),
            eventIds: new EventIds(),
          }
        : { context: ofItem, variables: variables.inside(), eventIds };
      outputs[index] = await runBlock(processor, input, { ...around, indices: [...indices, index], signal: inner });
      if (!distributed) eventIds.skip(1);
    });
  } catch (failure) {
    if (!distributed || signal.aborted || !(failure instanceof StatesError)) throw failure;
    // The items of a distributed Map are executions of their own, and keep their errors.
    throw new StatesError(
      "States.ExceedToleratedFailureThreshold",
      "The specified tolerated failure threshold was exceeded",
    );
  }
  eventIds.skip(distributed ? 2 : 1);
  return outputs;
}
