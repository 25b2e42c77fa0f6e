/** The tables of the report: states, jobs, and the failed jobs for print. */
import { count, counted, duration, printable } from "../../base/terminal-text";
import { costLine } from "../cost/cost-line";
import type { RunCost } from "../cost/costs";
import { briefly } from "../cost/money";
import { placeName } from "../events";
import { OUTCOMES, reasonOf } from "../outcome";
import type { Report, StateReport } from "./collect";
import { html, type Markup } from "./markup";
import { pill } from "./outcome-pill";

/** The states of the document, with their counts, times and costs. */
export function statesTable({ states, startedAt, cost }: Report): Markup {
  return html`<section class="card" aria-labelledby="states-title">
<h2 id="states-title">States</h2>
<div class="scroll" tabindex="0" role="region" aria-labelledby="states-title">
<table class="states">
<thead><tr><th scope="col">State</th><th scope="col">Outcome</th><th scope="col" class="number">Runs</th><th scope="col" class="number">Retries</th><th scope="col" class="number">From</th><th scope="col" class="number">Took</th>${cost === undefined ? "" : html`<th scope="col" class="number">Cost</th>`}</tr></thead>
<tbody>${states.map((state) => stateRow(state, startedAt))}</tbody>
</table>
</div>
${cost === undefined ? "" : costNote(cost)}
</section>`;
}

/** The frame of the table of jobs. The script of the page fills it. */
export function jobsTable({ jobs, states }: Report): Markup {
  const withJobs = new Set(jobs.map(({ state }) => state));
  return html`<section class="card screen" aria-labelledby="jobs-title" id="jobs-section">
<div class="bar">
<h2 id="jobs-title">Jobs</h2>
<p id="shown" role="status" class="quiet"></p>
</div>
${
  jobs.length === 0
    ? html`<p class="quiet">No job was submitted.</p>`
    : html`<div class="filters" role="search" aria-label="Jobs">
<input type="search" id="search" aria-label="Search" placeholder="Search names, reasons and logs" autocomplete="off" spellcheck="false">
<select id="state" aria-label="State"><option value="">All states</option>${states
        .filter(({ name }) => withJobs.has(name))
        .map(({ name }) => html`<option value="${name}">${printable(name, 80)}</option>`)}</select>
<div class="chips" role="group" aria-label="Outcome" id="outcomes"></div>
<button type="button" id="clear" class="small" hidden>Clear filters</button>
</div>
<div id="jobs"></div>`
}
</section>`;
}

/** Lists the failed jobs for print, which has no search and no dialog. */
export function failedJobs({ jobs }: Report): Markup {
  const failed = jobs.filter(({ outcome }) => outcome === "failed");
  if (failed.length === 0) return html``;
  const more = failed.length - FAILED_JOBS_PRINTED;
  return html`<section class="card paper">
<h2>Failed jobs</h2>
<table><thead><tr><th>Job</th><th>State</th><th class="number">Attempts</th><th class="number">Exit code</th><th>Reason and last line</th></tr></thead>
<tbody>${failed.slice(0, FAILED_JOBS_PRINTED).map(
    ({ name, state, indices, attempts, exitCode, statusReason, log }) => html`<tr>
<td>${printable(name)}</td><td>${printable(placeName({ state, indices }))}</td>
<td class="number">${attempts.length}</td><td class="number">${exitCode ?? ""}</td>
<td>${printable(reasonOf({ attempts, statusReason }))}<br><code>${printable(log.trimEnd().split("\n").at(-1) ?? "", 200)}</code></td>
</tr>`,
  )}</tbody></table>
${more > 0 ? html`<p>and ${counted(more, "more job")}</p>` : ""}
</section>`;
}

// --- internal ---

/** Words for the items of a distributed Map. */
const ITEM_RUNS: Readonly<Record<string, string>> = { timedOut: "timed out", aborted: "stopped" };
const FAILED_JOBS_PRINTED = 100;

function stateRow(state: StateReport, executionStartedAt: string): Markup {
  const { name, type, parents, outcome, entered, retries, mocked, items, startedAt, stoppedAt, cost } = state;
  const runs =
    entered > 1 ? (["failed", "caught", "stopped"] as const).map((what) => [what, state[what]] as const) : [];
  const counts = [
    ...runs,
    ...Object.entries(state.itemRuns ?? {}).map(([what, number]) => [ITEM_RUNS[what] ?? what, number] as const),
    ["tolerated", state.tolerated] as const,
    ["reused", state.reused] as const,
  ]
    .filter(([, number]) => number > 0)
    .map(([what, number]) => `${count(number)} ${what}`);
  return html`<tr data-row-state="${name}">
<th scope="row" style="--depth: ${Math.min(parents.length, 4)}"><button type="button" class="link" data-filter-state="${name}">${printable(name)}</button> <span class="hint">${type}${items === null || entered === 0 ? "" : `, ${counted(items, "item")}`}</span>${mocked === 0 ? "" : html` <span class="mocked">mocked</span>`}</th>
<td>${pill(outcome, OUTCOMES[outcome].word)}${counts.length > 0 ? html` <span class="quiet">${counts.join(", ")}</span>` : ""}</td>
<td class="number">${entered === 0 ? "" : count(entered)}</td>
<td class="number">${retries === 0 ? "" : count(retries)}</td>
<td class="number">${startedAt === null ? "" : `+${duration(Date.parse(startedAt) - Date.parse(executionStartedAt))}`}</td>
<td class="number">${startedAt === null || stoppedAt === null ? "" : duration(Date.parse(stoppedAt) - Date.parse(startedAt))}</td>
${cost === undefined ? "" : html`<td class="number">${briefly(cost)}</td>`}
</tr>`;
}

/** Says what the amounts in the tables are. */
function costNote(cost: RunCost): Markup {
  const words = costLine(cost);
  if (words === null) return html``;
  const parts =
    cost.amount === null ? "" : ": the jobs and the state transitions. A state does not include the states inside it.";
  return html`<p class="hint">Cost: ${words}${parts}</p>`;
}
