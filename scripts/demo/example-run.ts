import type { StatesDocument } from "../../src/asl/document";
import { substitute } from "../../src/asl/substitution";
import type { Json } from "../../src/base/json";
import type { ExecutionEvent } from "../../src/execution/events";
import { collectReport } from "../../src/execution/report/formats";
import { memoryStore } from "../../src/local/data/memory-store";
import type { ContainerEnd, Engine } from "../../src/local/engines/engine";
import { runLocally } from "../../src/local/run";
import echo from "./echo.asl.json";
import { jobDefinition, QUEUE } from "./example-job";
import { FakeClock } from "./fake-clock";

/** The behaviour of a job in an example. */
export interface Behaviour {
  readonly seconds: number;
  readonly lines: readonly string[];
  /** @default succeeds */
  readonly end?: ContainerEnd;
}

export interface Example {
  readonly name?: string;
  readonly input: Json;
  readonly document?: StatesDocument;
  /** The number of jobs with one vCPU that run at the same time. */
  readonly vcpus?: number;
  readonly behaviour?: (jobName: string, attempt: number) => Behaviour;
}

export const DOCUMENT = substitute(echo as unknown as StatesDocument, {
  Partition: "aws",
  EchoJobDefinitionArn: jobDefinition().arn,
  JobQueueArn: QUEUE.arn,
});

const START = Date.UTC(2026, 0, 1, 12);
const SPOT_LOST: ContainerEnd = { kind: "host-lost", statusReason: "Your Spot Task was interrupted." };
export const OUT_OF_MEMORY: ContainerEnd = { kind: "exited", exitCode: 137, outOfMemory: true };

/** Returns the events of a simulated run. They are the same each time, ids included. */
export async function exampleEvents(example: Example): Promise<ExecutionEvent[]> {
  const { name = "nightly-2026-01-01", input, document = DOCUMENT, vcpus = 8, behaviour = steady } = example;
  const clock = new FakeClock(START);
  const events: ExecutionEvent[] = [];
  await runLocally(
    {
      stateMachine: {
        name: "echo_dev",
        arn: "arn:aws:states:::stateMachine:echo_dev",
        roleArn: "",
        definition: document,
      },
      queues: [QUEUE],
      jobDefinitions: [
        jobDefinition({
          attempts: 3,
          evaluateOnExit: [
            { Action: "retry", OnStatusReason: "Your Spot Task was interrupted*" },
            { Action: "exit", OnReason: "*" },
          ],
        }),
      ],
      images: {},
    },
    { name, input },
    {
      engine: exampleEngine(behaviour, clock),
      objects: memoryStore({}),
      vcpus,
      clock,
      emit: (event) => events.push(event),
    },
    { stop: new AbortController().signal, force: new AbortController().signal },
  );
  return withFixedIds(events);
}

/** Returns the report of an example. */
export async function exampleReport(example: Example, place = "this machine") {
  const { sink, report } = collectReport(example.document ?? DOCUMENT, { place });
  for (const event of await exampleEvents(example)) sink(event);
  return report();
}

/** Returns an input for the example document, with this many items in its two lists. */
export function items(step2: number, step3: number): Json {
  const names = (count: number, prefix: string) => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  return {
    parameters: {
      step1_parameter: "reference",
      step2_parameters: names(step2, "sample"),
      step3_parameters: names(step3, "chunk"),
    },
  };
}

/** Returns a number from 0 to 1 that depends only on the text. */
function fraction(text: string): number {
  let hash = 2166136261;
  for (const character of text) hash = Math.imul(hash ^ character.codePointAt(0)!, 16777619) >>> 0;
  return (Math.imul(hash ^ (hash >>> 15), 2246822507) >>> 0) / 2 ** 32;
}

/** The job succeeds after a few seconds. A few jobs lose their host first. */
export function steady(jobName: string, attempt: number): Behaviour {
  const seconds = 2 + 6 * fraction(`${jobName}/${attempt}`);
  if (attempt === 1 && fraction(`${jobName} host`) < 0.15)
    return { seconds: seconds / 2, lines: ["reading"], end: SPOT_LOST };
  return { seconds, lines: ["reading", `${jobName}: ${Math.round(seconds * 1000)} records`, "done"] };
}

function exampleEngine(behaviour: NonNullable<Example["behaviour"]>, clock: FakeClock): Engine {
  return {
    name: "process",
    close: () => {},
    run: ({ name, environment }, { started, line }) => {
      const jobName = name.replace(/-[0-9a-f-]{36}-\d+$/, "");
      const { seconds, lines, end } = behaviour(jobName, Number(environment.AWS_BATCH_JOB_ATTEMPT));
      const over = new AbortController();
      const ended = (async (): Promise<ContainerEnd> => {
        await clock.sleep(300 + 900 * fraction(name.slice(0, jobName.length)), over.signal);
        started();
        for (const text of lines) line(text, Buffer.from(`${text}\n`));
        await clock.sleep(seconds * 1000, over.signal);
        const exitCode = over.signal.aborted ? 143 : 0;
        return over.signal.aborted || end === undefined ? { kind: "exited", exitCode, outOfMemory: false } : end;
      })();
      return { ended, kill: () => over.abort() };
    },
  };
}

function withFixedIds(events: readonly ExecutionEvent[]): ExecutionEvent[] {
  const fixed = new Map<string, string>();
  const text = JSON.stringify(events).replaceAll(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32}/g, (id) => {
    const known =
      fixed.get(id) ??
      fixed.size.toString(16).padStart(id.length, "00000000-0000-4000-8000-000000000000".slice(0, id.length));
    fixed.set(id, known);
    return known;
  });
  return JSON.parse(text) as ExecutionEvent[];
}
