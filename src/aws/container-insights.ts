/** Reads the memory and the CPU time of the tasks of jobs from the performance log of CloudWatch Container Insights. */
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { Clock } from "../base/clock";
import { asObject } from "../base/json";
import { parseMachineJson } from "../base/read-json";
import type { JobUsage } from "../execution/events";
import { listOf, textOf } from "./answers";
import type { AwsClients } from "./clients";
import type { DispensableCall } from "./patient-calls";

/** An attempt of a job that has ended, as a task of Amazon ECS. */
export interface EndedTask {
  readonly cluster: string;
  readonly id: string;
  readonly startedAt: number;
  readonly stoppedAt: number;
}

interface InsightsDependencies {
  readonly aws: Pick<AwsClients, "logs">;
  readonly call: DispensableCall;
  readonly clock: Clock;
}

/** One line of the log comes each minute, and up to this long after its time. */
const LATE_MILLISECONDS = 120_000;
/** The log is read in parts of this length, and not for each task. */
const PART_MILLISECONDS = 600_000;
/** The pause between two looks for new lines. */
const PAUSE_MILLISECONDS = 30_000;

/**
 * Reads the log of a cluster in the order of time, as far as the tasks need it. Tasks that end at about the same time share a call.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-reference-performance-logs-ECS.html
 */
export class ContainerInsights {
  private readonly logs = new Map<string, PerformanceLog>();
  private firstAt = Number.POSITIVE_INFINITY;

  constructor(private readonly deps: InsightsDependencies) {}

  /** Notes that a task can have started at this time. */
  noteStart(at: number): void {
    this.firstAt = Math.min(this.firstAt, at);
  }

  /** Returns what a task has used; `null` if the log does not have it yet, or if the task ran for less than a minute. */
  async usageOf({ cluster, id, startedAt, stoppedAt }: EndedTask): Promise<JobUsage | null> {
    const log = this.logs.get(cluster) ?? startLog(this.firstAt);
    this.logs.set(cluster, log);
    // Several jobs ask at the same time. Each one waits for the lines that another one reads.
    const reading = log.reading.then(() => this.readOn(cluster, log, stoppedAt));
    log.reading = reading.catch(() => {});
    await reading;
    const samples = [...(log.samples.get(id)?.values() ?? [])];
    log.samples.delete(id);
    if (samples.length === 0) return null;
    const cpuUnits = samples.reduce((sum, { cpu }) => sum + cpu, 0) / samples.length;
    return {
      peakMemoryMiB: Math.ceil(Math.max(...samples.map(({ memory }) => memory))),
      // 1,024 units are one vCPU.
      cpuSeconds: Math.round(((cpuUnits / 1024) * (stoppedAt - startedAt)) / 10) / 100,
    };
  }

  /** Reads on until the records of a task that ended at `stoppedAt` must be there. */
  private async readOn(cluster: string, log: PerformanceLog, stoppedAt: number): Promise<void> {
    const now = this.deps.clock.now();
    const wanted = Math.min(stoppedAt + LATE_MILLISECONDS, now);
    while (log.readUntil < wanted && now >= log.nextReadAt) {
      const until = Math.min(log.readUntil + PART_MILLISECONDS, now);
      await this.read(cluster, log, until);
      if (until === now) log.nextReadAt = now + PAUSE_MILLISECONDS;
    }
  }

  /** Reads the lines up to `until`, and those again that can have come late. */
  private async read(cluster: string, log: PerformanceLog, until: number): Promise<void> {
    const query = {
      logGroupName: `/aws/ecs/containerinsights/${cluster}/performance`,
      filterPattern: '{ $.Type = "Task" }',
      startTime: Math.max(this.firstAt, log.readUntil - LATE_MILLISECONDS),
      endTime: until,
    };
    log.readUntil = until;
    let nextToken: string | undefined;
    do {
      const answer = await this.deps.call("it is not known what the jobs use", (options) =>
        this.deps.aws.logs.send(new FilterLogEventsCommand({ ...query, nextToken }), options).catch(noLogYet),
      );
      for (const { message } of listOf(answer?.events)) addSample(log, textOf(message) ?? "");
      nextToken = textOf(answer?.nextToken);
    } while (nextToken !== undefined);
  }
}

// --- internal ---

interface PerformanceLog {
  /** The samples of each task, by time. */
  readonly samples: Map<string, Map<number, Sample>>;
  readUntil: number;
  nextReadAt: number;
  /** The end of the reading that was begun last. Never rejects. */
  reading: Promise<void>;
}

function startLog(readUntil: number): PerformanceLog {
  return { samples: new Map(), readUntil, nextReadAt: 0, reading: Promise.resolve() };
}

/** The averages of a minute: MiB, and CPU units. */
interface Sample {
  readonly memory: number;
  readonly cpu: number;
}

function addSample({ samples }: PerformanceLog, line: string): void {
  const { TaskId, Timestamp, MemoryUtilized, CpuUtilized } = fieldsOf(line);
  const [time, memory, cpu] = [Timestamp, MemoryUtilized, CpuUtilized].map(Number) as [number, number, number];
  if (typeof TaskId !== "string" || ![time, memory, cpu].every(Number.isFinite)) return;
  const ofTask = samples.get(TaskId) ?? new Map<number, Sample>();
  samples.set(TaskId, ofTask.set(time, { memory, cpu }));
}

function fieldsOf(line: string): ReturnType<typeof asObject> {
  try {
    return asObject(parseMachineJson(line));
  } catch {
    return {};
  }
}

/** CloudWatch makes the log group with the first line. */
function noLogYet(error: Error): null {
  if (error.name === "ResourceNotFoundException") return null;
  throw error;
}
