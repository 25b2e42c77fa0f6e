import type { StatesDocument } from "../asl/document";
import type { LogChoice } from "../aws/jobs";
import type { Clock } from "../base/clock";
import { count } from "../base/terminal-text";
import type { Pricing, RunCost } from "../execution/cost/costs";
import type { EventSink, ExecutionStatus } from "../execution/events";

/** An execution, wherever it runs. Times are milliseconds since 1970. */
export interface FoundExecution {
  readonly name: string;
  readonly status: string;
  readonly startedAt: number;
  readonly stoppedAt: number | null;
  readonly redriveCount: number;
  /** The remarks that a list adds to these facts. */
  readonly remarks: readonly string[];
  /** The execution as JSON documents show it. */
  readonly described: object;
  /** The fields that name it in the JSON document about a file. */
  readonly named: object;
  /** The fields that name it in the JSON document of its outcome. */
  readonly about: object;
  /** Its page in the AWS console, or its folder. */
  readonly link: string;
  /** The place of the execution in a report: `this machine`, or a link. */
  readonly place: string;
  /** The facts that its cost depends on. */
  readonly pricing: Pricing;
  /** Its cost, if that is known without reading its events. */
  readonly cost: RunCost | null;
  /** The document as it was when the execution started. */
  readonly definition: () => Promise<StatesDocument>;
  /** Emits the events from the first one on. Returns the end; `null` after `signal` has detached. */
  readonly watch: (options: Watching) => Promise<ExecutionStatus | null>;
  /** Stops the execution; `null` if only the process that runs it can do that. */
  readonly stop: ((cause: string, signal: AbortSignal) => Promise<void>) | null;
  /** After so many seconds without news, all events until now have been read. */
  readonly quietSeconds: number;
  /** Says how to follow it. */
  readonly howToFollow: string;
  /** Returns a page that shows it, and that page as a JSON document. */
  readonly page: () => Promise<{ readonly link: string; readonly described: object }>;
}

interface Watching {
  readonly emit: EventSink;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  readonly logs: LogChoice;
}

/** Says how often an execution was redriven. */
export function redriven(redriveCount: number): string[] {
  return redriveCount > 0 ? [`redriven ${count(redriveCount)}×`] : [];
}
