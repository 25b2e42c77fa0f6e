/** Compares what jobs have used with what they asked for, and says which smaller size would do. Pure. */
import { fargateMemory, fargateMisfit, fargateVcpus, type JobSize } from "../asl/compute-sizes";
import { count, counted } from "../base/terminal-text";
import { type EventSink, type JobAttempt, type JobDescription, type JobUsage, STOPPED_WITH_STATE } from "./events";

/** A smaller size for the jobs of a job definition. */
export interface SizeAdvice {
  /** The name of the job definition, with its revision. */
  readonly definition: string;
  /** The number of jobs that the advice comes from. */
  readonly jobs: number;
  /** The setting of the job. */
  readonly field: keyof JobSize;
  readonly asked: number;
  /** The peak of the memory, or the average of the vCPUs, of the job that used the most. */
  readonly used: number;
  readonly enough: number;
}

export interface SizeUse {
  readonly sink: EventSink;
  readonly advice: () => SizeAdvice[];
}

/** Fewer jobs tell too little about the next one. */
const FEWEST_JOBS = 3;

/** The rules for advice: how much less a smaller size must be, and how much more than the jobs have used it must offer. */
const RULES: Readonly<Record<keyof JobSize, Rule>> = {
  memoryMiB: {
    room: 1.25,
    most: 0.75,
    shortestSeconds: 0,
    sizeOf: ({ vcpus, isFargate }, least) => (isFargate ? fargateMemory(vcpus, least) : roundUp(least, 256)),
  },
  // A job that has just started keeps other parts of the machine busy.
  vcpus: {
    room: 1.25,
    most: 0.75,
    shortestSeconds: 5,
    sizeOf: ({ memoryMiB, isFargate }, least) => (isFargate ? fargateVcpus(memoryMiB, least) : roundUp(least, 1)),
  },
};

/**
 * Collects the use of jobs, by job definition and size. A group has no advice if one of its jobs has failed or was out of memory,
 * because a smaller size would not have helped.
 */
export function collectUse(): SizeUse {
  const jobs = new Map<string, RunningJob>();
  const groups = new Map<string, Group>();
  return {
    sink: (event) => {
      if (event.type === "job-described") {
        jobs.set(event.jobId, { ...(jobs.get(event.jobId) ?? NOTHING), description: event.job });
        return;
      }
      const job = "jobId" in event ? jobs.get(event.jobId) : undefined;
      if (job === undefined) return;
      if (event.type === "job-attempt") {
        const isOutOfMemory = job.isOutOfMemory || event.attempt.reason?.startsWith("OutOfMemory") === true;
        jobs.set(event.jobId, { ...job, attempt: event.attempt, usage: null, isOutOfMemory });
      } else if (event.type === "job-usage") {
        jobs.set(event.jobId, { ...job, usage: event.usage });
      } else if (event.type === "job-status" && (event.status === "SUCCEEDED" || event.status === "FAILED")) {
        jobs.delete(event.jobId);
        if (event.reason === STOPPED_WITH_STATE) return;
        const hasFailed = event.status === "FAILED";
        if (hasFailed || job.attempt !== null) addTo(groups, job, hasFailed);
      }
    },
    advice: () => [...groups.values()].flatMap(adviceFor),
  };
}

/** Says an advice in one line. */
export function adviceWords({ definition, jobs, field, asked, used, enough }: SizeAdvice): string {
  const of = `${definition}, ${counted(jobs, "job")}`;
  return field === "memoryMiB"
    ? `${of}: asked ${count(asked)} MiB, used ${count(used)} at most: memoryMiB ${enough} would do`
    : `${of}: asked ${counted(asked, "vCPU")}, used ${used} on average: vcpus ${enough} may do`;
}

// --- internal ---

interface Rule {
  /** The size must offer this many times of what was used. */
  readonly room: number;
  /** The most of the asked size that the smaller size may have. */
  readonly most: number;
  /** Jobs that ran shorter do not count. */
  readonly shortestSeconds: number;
  /** Returns the next size that the compute offers; `null` if there is none. */
  readonly sizeOf: (group: Group, least: number) => number | null;
}

interface RunningJob {
  readonly description: JobDescription;
  readonly attempt: JobAttempt | null;
  readonly usage: JobUsage | null;
  readonly isOutOfMemory: boolean;
}

const NOTHING = { attempt: null, usage: null, isOutOfMemory: false };

/** Jobs of one definition and size. */
interface Group extends JobSize {
  readonly definition: string;
  readonly isFargate: boolean;
  hasFailed: boolean;
  /** For each field, the jobs whose use is known, and the use of the job that used the most. */
  readonly used: Record<keyof JobSize, { jobs: number; most: number }>;
}

function addTo(groups: Map<string, Group>, job: RunningJob, hasFailed: boolean): void {
  const { definition, vcpus, memoryMiB, compute } = job.description;
  const key = JSON.stringify([definition, vcpus, memoryMiB]);
  const group = groups.get(key) ?? {
    ...{ definition, vcpus, memoryMiB, hasFailed: false },
    // A size of Fargate fits on instances too.
    isFargate: compute === null ? fargateMisfit({ vcpus, memoryMiB }) === null : compute.startsWith("FARGATE"),
    used: { memoryMiB: { jobs: 0, most: 0 }, vcpus: { jobs: 0, most: 0 } },
  };
  groups.set(key, group);
  group.hasFailed ||= hasFailed || job.isOutOfMemory;
  const ranSeconds = job.attempt?.startedAt == null ? 0 : (job.attempt.stoppedAt - job.attempt.startedAt) / 1000;
  const { peakMemoryMiB = null, cpuSeconds = null } = job.usage ?? {};
  const used = { memoryMiB: peakMemoryMiB, vcpus: cpuSeconds === null ? null : cpuSeconds / ranSeconds };
  for (const field of FIELDS) {
    const value = used[field];
    if (value === null || !Number.isFinite(value) || ranSeconds < RULES[field].shortestSeconds) continue;
    group.used[field].jobs += 1;
    group.used[field].most = Math.max(group.used[field].most, value);
  }
}

const FIELDS = ["memoryMiB", "vcpus"] as const;

function adviceFor(group: Group): SizeAdvice[] {
  if (group.hasFailed) return [];
  return FIELDS.flatMap((field) => {
    const { room, most, sizeOf } = RULES[field];
    const { jobs, most: used } = group.used[field];
    const enough = jobs < FEWEST_JOBS ? null : sizeOf(group, used * room);
    if (enough === null || enough > group[field] * most) return [];
    return [{ definition: group.definition, jobs, field, asked: group[field], used: roundUp(used, 0.01), enough }];
  });
}

/** Rounds up to a multiple of `step`, at least one. */
function roundUp(value: number, step: number): number {
  return Math.max(step, Math.round(Math.ceil(Number((value / step).toFixed(6))) * step * 100) / 100);
}
