/** Runs one case of a test: the interpreter, with mocks, on a clock that does not wait. Nothing is called and nothing is left. */
import type { Json } from "../base/json";
import { VirtualClock } from "../base/virtual-clock";
import type { ExecutionEvent, ExecutionStatus, Place } from "../execution/events";
import { memoryStore } from "../local/data/memory-store";
import { type ObjectStore, ObjectStoreError } from "../local/data/object-store";
import type { Engine } from "../local/engines/engine";
import { stateMachineOf } from "../local/find-job";
import type { Chance } from "../local/interpreter/languages/jsonata-functions";
import type { Mocks } from "../local/mocks";
import { runLocally } from "../local/run";
import type { TestedWorkflow } from "./tested-workflow";

/** The beginning of an execution, and the answers that it gets. */
export interface CaseSetup {
  readonly executionName: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly input: Json;
  /** `null` if no task is mocked. */
  readonly mocks: Mocks | null;
  /** The objects of S3, by `bucket/key`. */
  readonly objects: Readonly<Record<string, string>>;
}

/** The request of one call of a task. */
export interface TaskRequest extends Place {
  readonly parameters: Json;
}

/** An execution that has ended. */
export interface CaseRun {
  readonly status: ExecutionStatus;
  /** `null` unless the execution succeeded. */
  readonly output: Json | null;
  readonly error: string | null;
  readonly cause: string | null;
  readonly events: readonly ExecutionEvent[];
  /** In the order of the calls, with all attempts. */
  readonly requests: readonly TaskRequest[];
  /** Virtual time, in milliseconds. */
  readonly duration: number;
  /** The objects that were read and are not there, as `s3://bucket/key`. */
  readonly missingObjects: readonly string[];
  /** True if the execution had not ended after `LONGEST_RUN`, and was stopped. */
  readonly isEndless: boolean;
}

/** 100 years, in milliseconds. */
export const LONGEST_RUN = 100 * 365.25 * 24 * 3600 * 1000;

/** Runs a case. The same case always runs in the same way. A Batch job without a mock succeeds at once. */
export async function runCase(
  { name, document, region }: Pick<TestedWorkflow, "name" | "document" | "region">,
  setup: CaseSetup,
): Promise<CaseRun> {
  const { executionName, startedAt, input, mocks } = setup;
  const clock = new VirtualClock(startedAt);
  const events: ExecutionEvent[] = [];
  const requests: TaskRequest[] = [];
  const missing = new Set<string>();
  const stop = new AbortController();
  const ended = new AbortController();
  let isEndless = false;
  const guard = clock.sleep(LONGEST_RUN, ended.signal).then(() => {
    isEndless = !ended.signal.aborted;
    stop.abort();
  });
  const status = await runLocally(
    { stateMachine: stateMachineOf(name, document, region), imageOf: () => "" },
    { name: executionName, input },
    {
      engine: SUCCEEDING,
      objects: noting(missing, memoryStore({ ...setup.objects })),
      vcpus: Number.POSITIVE_INFINITY,
      mocks,
      clock,
      emit: (event) => events.push(event),
      onCall: ({ state, indices, parameters }) => requests.push({ state, indices, parameters }),
      chance: steadyChance(),
    },
    { stop: stop.signal, force: stop.signal },
  );
  const duration = clock.now() - startedAt;
  ended.abort();
  await guard;
  const end = events.findLast(({ type }) => type === "execution-ended");
  const { output, error, cause } = end as Extract<ExecutionEvent, { type: "execution-ended" }>;
  return { status, output, error, cause, events, requests, duration, missingObjects: [...missing], isEndless };
}

// --- internal ---

/** Runs no container: each ends at once, with exit code 0. */
const SUCCEEDING: Engine = {
  name: "docker",
  close: () => {},
  run: (_spec, { started }) => {
    started();
    return { ended: Promise.resolve({ kind: "exited", exitCode: 0, outOfMemory: false }), kill: () => {} };
  },
};

/** Returns a store that adds the objects to `missing` that are read and are not there. */
function noting(missing: Set<string>, store: ObjectStore): ObjectStore {
  const note = (bucket: string, key: string, error: unknown): never => {
    if (error instanceof ObjectStoreError && error.code === "NoSuchKey") missing.add(`s3://${bucket}/${key}`);
    throw error;
  };
  return {
    ...store,
    head: (bucket, key) => store.head(bucket, key).catch((error) => note(bucket, key, error)),
    async *get(bucket, key, range) {
      try {
        yield* store.get(bucket, key, range);
      } catch (error) {
        note(bucket, key, error);
      }
    },
  };
}

/** Returns values that look random and are the same in each run. */
function steadyChance(): Chance {
  let [state, ids] = [1, 0];
  return {
    // The constants of "Numerical Recipes".
    random: () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    },
    uuid: () => {
      ids += 1;
      return `00000000-0000-4000-8000-${ids.toString(16).padStart(12, "0")}`;
    },
  };
}
