import { count, printable } from "../base/terminal-text";
import { listed } from "../base/text";
import { type ExecutionEvent, placeName } from "./events";
import { ranText, runsText } from "./not-reused";

type Submitted = Extract<ExecutionEvent, { type: "job-submitted" }>;

const MOST_REASONS = 3;
const NO_RESULT = ranText({ because: "none" });

/** The jobs that a resumed run has run again, by state and reason. */
export class RunAgain {
  private readonly states = new Map<string, { jobs: number; readonly reasons: Map<string, number> }>();

  record(event: ExecutionEvent): void {
    if (event.type !== "job-submitted") return;
    const state = this.states.get(event.state) ?? { jobs: 0, reasons: new Map() };
    this.states.set(event.state, state);
    state.jobs += 1;
    if (event.notReused === undefined) return;
    const reason = ranText(event.notReused);
    state.reasons.set(reason, (state.reasons.get(reason) ?? 0) + 1);
  }

  /** Says why the job of an event runs; `null` if an earlier job of the state has run for the same reason. The event is recorded. */
  news({ state, indices, notReused }: Submitted): string | null {
    if (notReused === undefined || this.states.get(state)!.reasons.get(ranText(notReused)) !== 1) return null;
    return printable(`${placeName({ state, indices })} ${runsText(notReused)}`);
  }

  /**
   * Sums up the states with more than one job: "step2: 3 of 5 jobs reused; 2 ran again: the command has changed". Leaves out those
   * without any earlier result.
   */
  sums(): string[] {
    return [...this.states]
      .filter(([, { jobs, reasons }]) => jobs > 1 && reasons.size > 0 && reasons.get(NO_RESULT) !== jobs)
      .map(([name, { jobs, reasons }]) => {
        const ran = [...reasons.values()].reduce((sum, each) => sum + each, 0);
        const why = [...reasons].map(([reason, each]) => `${count(each)} ${reason}`);
        return printable(`${name}: ${count(jobs - ran)} of ${count(jobs)} jobs reused; ${listed(why, MOST_REASONS)}`);
      });
  }
}
