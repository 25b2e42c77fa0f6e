/**
 * The cost of an execution at list price, from its events: of each job, of each state, and of the whole run. The work for an event
 * is the same however many jobs there were.
 */
import type { ExecutionEvent, JobAttempt } from "../events";
import { type JobPrice, PRICES_OF, priceOf, pricesOf } from "./prices";

/** The facts that the cost of an execution depends on, beside its events. */
export interface Pricing {
  /** The region of the execution, or the one in which it would run; `null` if it is not known. */
  readonly region: string | null;
  /** The execution runs on this machine. Its cost is what it would cost on AWS. */
  readonly isHere: boolean;
}

/** An amount of money at list price. */
export interface Cost {
  /** US dollars; `null` if it is not known. */
  readonly amount: number | null;
  readonly currency: "USD";
  /** The month of the prices: `2026-09`. */
  readonly pricesOf: string;
  /** True if the real amount may be lower: Spot capacity whose price is not known counts as on-demand capacity. */
  readonly isMost: boolean;
}

/** The cost of the jobs and the transitions of one state. */
export interface StateCost extends Cost {
  /** The jobs whose price is not known. They are not in the amount. */
  readonly unpricedJobs: number;
}

/** The cost of an execution. `amount` is the sum of `jobs` and `transitions`. */
export interface RunCost extends StateCost {
  readonly region: string | null;
  /** True if the execution ran on this machine: the amount is what it would cost on AWS, at the times measured here. */
  readonly measuredHere: boolean;
  readonly jobs: number | null;
  /** The state transitions; `null` if their price is not known. */
  readonly transitions: number | null;
  /** The items of distributed Maps on AWS. They are executions of their own, and not in the amount. */
  readonly itemsLeftOut: number;
  /** The jobs that did not run, because they got an earlier result. They cost nothing. */
  readonly reusedJobs: number;
}

export interface Costs {
  readonly record: (event: ExecutionEvent) => void;
  /** Returns the cost of the attempts of a job that are over. */
  readonly ofJob: (jobId: string) => Cost;
  readonly ofState: (name: string) => StateCost;
  readonly ofRun: () => RunCost;
}

/** Adds up the cost of an execution. */
export function collectCosts({ region, isHere }: Pricing): Costs {
  const prices = region === null ? null : pricesOf(region);
  const perTransition = prices?.thousandTransitions === undefined ? null : prices.thousandTransitions / 1000;
  const jobs = new Map<string, PricedJob>();
  const states = new Map<string, Sum>();
  const mapRuns = new Map<string, number>();
  const run = noSum();
  let reusedJobs = 0;

  const stateSum = (name: string): Sum => {
    const known = states.get(name);
    if (known !== undefined) return known;
    const sum = noSum();
    states.set(name, sum);
    return sum;
  };
  const recordJob = (job: PricedJob, event: Extract<ExecutionEvent, { jobId: string }>) => {
    const sums = [stateSum(job.state), run];
    if (event.type === "job-described") {
      job.price = prices === null ? null : priceOf(event.job, prices);
    } else if (event.type === "job-attempt" && job.price !== null) {
      const amount = (job.price.perHour * billedSeconds(event.attempt, job.price)) / 3600;
      job.amount = (job.amount ?? 0) + amount;
      for (const sum of sums) {
        sum.jobs += amount;
        sum.isMost ||= job.price.isMost;
      }
    } else if (event.type === "job-reused") {
      job.amount = 0;
      reusedJobs += 1;
    } else if (hasRun(event, job) && job.amount === null && !job.isUnpriced) {
      // The children of an array job have no events.
      job.isUnpriced = true;
      for (const sum of sums) sum.unpricedJobs += 1;
    }
  };
  const record = (event: ExecutionEvent) => {
    if (event.type === "state-entered" || event.type === "state-retried") {
      run.transitions += 1;
      stateSum(event.state).transitions += 1;
    } else if (event.type === "map-run" && !isHere) {
      mapRuns.set(event.mapRunArn, event.counts.total - event.counts.pending);
    } else if (event.type === "job-submitted") {
      run.submitted += 1;
      stateSum(event.state).submitted += 1;
      jobs.set(event.jobId, { state: event.state, price: null, amount: null, hasStarted: false, isUnpriced: false });
    } else if ("jobId" in event) {
      const job = jobs.get(event.jobId);
      if (job === undefined) return;
      if (event.type === "job-status" && event.status === "RUNNING") job.hasStarted = true;
      recordJob(job, event);
    }
  };
  const costOf = ({ jobs: ofJobs, transitions, submitted, unpricedJobs, isMost }: Sum): StateCost => {
    const isKnown = prices !== null && (unpricedJobs === 0 || unpricedJobs < submitted);
    return { ...cost(isKnown ? ofJobs + transitions * (perTransition ?? 0) : null, isMost), unpricedJobs };
  };
  return {
    record,
    ofJob: (jobId) => {
      const job = jobs.get(jobId);
      if (job === undefined || job.isUnpriced) return cost(null, false);
      return cost(job.amount ?? (job.price === null ? null : 0), job.price?.isMost ?? false);
    },
    ofState: (name) => costOf(states.get(name) ?? noSum()),
    ofRun: () => {
      const whole = costOf(run);
      const transitions = perTransition === null ? null : rounded(run.transitions * perTransition);
      return {
        ...whole,
        region,
        measuredHere: isHere,
        jobs: whole.amount === null ? null : rounded(run.jobs),
        transitions,
        itemsLeftOut: [...mapRuns.values()].reduce((sum, items) => sum + items, 0),
        reusedJobs,
      };
    },
  };
}

// --- internal ---

interface PricedJob {
  readonly state: string;
  price: JobPrice | null;
  /** `null`: no attempt is over. */
  amount: number | null;
  hasStarted: boolean;
  isUnpriced: boolean;
}

interface Sum {
  /** US dollars. */
  jobs: number;
  transitions: number;
  submitted: number;
  unpricedJobs: number;
  isMost: boolean;
}

function noSum(): Sum {
  return { jobs: 0, transitions: 0, submitted: 0, unpricedJobs: 0, isMost: false };
}

/** Returns whether a job has run, at an attempt or at its end. A job that failed may never have started. */
function hasRun(event: ExecutionEvent, { hasStarted }: PricedJob): boolean {
  if (event.type === "job-attempt") return true;
  return event.type === "job-status" && (event.status === "SUCCEEDED" || (event.status === "FAILED" && hasStarted));
}

/** Returns the seconds that AWS bills for an attempt. It bills an image that cannot be pulled, but no host that was lost before the start. */
function billedSeconds({ startedAt, stoppedAt, reason }: JobAttempt, { leastSeconds }: JobPrice): number {
  if (startedAt === null) return reason?.startsWith("CannotPullContainer") ? leastSeconds : 0;
  return Math.max(leastSeconds, Math.ceil((stoppedAt - startedAt) / 1000));
}

function cost(amount: number | null, isMost: boolean): Cost {
  return { amount: amount === null ? null : rounded(amount), currency: "USD", pricesOf: PRICES_OF, isMost };
}

/** Removes the digits that only come from adding binary fractions. */
function rounded(amount: number): number {
  return Number(amount.toPrecision(9));
}
