/** The part of the report about what failed. */
import { counted, printable } from "../../base/terminal-text";
import type { FailureReport, Report } from "./collect";
import { text } from "./long-text";
import { html, type Markup } from "./markup";

/** Says why the execution failed, or what failed on the way. Empty if nothing did. */
export function whatWentWrong(report: Report): Markup {
  const { error, cause, failures, failuresLeftOut } = report;
  if (error === null && cause === null && failures.length === 0) return html``;
  const lasting = innermost(
    report,
    failures.filter(({ what }) => what !== "retried"),
  );
  const told = [...lasting, ...failures.filter(({ what }) => what === "retried")];
  const shown = told.slice(0, FAILURES_SHOWN);
  const more = told.length + failuresLeftOut - shown.length;
  const isSerious = report.status !== "SUCCEEDED";
  const title = isSerious ? "What went wrong" : lasting.length > 0 ? "What failed on the way" : "What was retried";
  const isNew = !shown.some((failure) => failure.error === error);
  return html`<section class="card wrong is-${isSerious ? "failed" : "caught"}" aria-labelledby="wrong">
<h2 id="wrong">${title}</h2>
${error === null || !isNew ? "" : html`<p class="error"><b>${printable(error)}</b></p>`}
${cause === null || !isNew ? "" : text("Cause", cause)}
${shown.length === 0 ? "" : html`<ul>${shown.map((failure) => failureItem(report, failure))}</ul>`}
${more > 0 ? html`<p class="quiet">and ${counted(more, "more failure")} of states</p>` : ""}
</section>`;
}

// --- internal ---

const FAILURE_WORDS: Readonly<Record<FailureReport["what"], string>> = {
  failed: "failed",
  caught: "failed, and a Catch took the error",
  retried: "failed, and was retried",
  tolerated: "failed, and its Map tolerated it",
};
const FAILURES_SHOWN = 5;

/** Leaves out the states that failed because a state inside them failed. */
function innermost({ states }: Report, failures: readonly FailureReport[]): FailureReport[] {
  const failed = new Set(failures.map(({ state }) => state));
  const around = new Set(states.flatMap(({ name, parents }) => (failed.has(name) ? parents : [])));
  return failures.filter(({ state }) => !around.has(state));
}

function failureItem({ jobs }: Report, { state, indices, what, item, error, cause, jobId }: FailureReport): Markup {
  const job = jobs.find(({ id }) => id === jobId);
  const last = job?.attempts.at(-1);
  const facts = [
    ...(last?.exitCode == null ? [] : [`exit code ${last.exitCode}`]),
    ...[last?.reason, last?.statusReason ?? job?.statusReason].flatMap((reason) => (reason ? [printable(reason)] : [])),
  ];
  const lines = (job?.log.trimEnd().split("\n") ?? []).slice(-4).map((line) => printable(line, 400));
  return html`<li>
<p><button type="button" class="link" data-filter-state="${state}">${printable(state)}</button>${indices.map((index) => html`<span class="quiet">[${index}]</span>`)}
${item === null ? "" : html`<span class="quiet">${printable(item)}</span> `}${FAILURE_WORDS[what]}: <b>${printable(error)}</b>${facts.length > 0 ? html` <span class="quiet">${facts.join(" · ")}</span>` : ""}
${job === undefined ? "" : html`<button type="button" class="small" data-job="${job.id}" aria-label="Show job ${printable(job.name)}">Show job</button>`}</p>
${job !== undefined && job.log !== "" ? html`<pre class="log" tabindex="0" role="region" aria-label="Last log lines of ${printable(job.name)}">${lines.join("\n")}</pre>` : ""}
${job?.hint === undefined ? "" : html`<p class="quiet">Hint: ${job.hint}</p>`}
${job === undefined && cause !== "" ? text("Cause", cause) : ""}
</li>`;
}
