/** The report as one HTML file. It needs no network and no other file. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { toSvg } from "../../asl/diagram/svg";
import { UsageError } from "../../base/errors";
import { count, counted, duration, printable } from "../../base/terminal-text";
import { roughly } from "../cost/money";
import { OUTCOMES, type Outcome } from "../outcome";
import { adviceWords } from "../size-advice";
import type { Report } from "./collect";
import { whatWentWrong } from "./failure-items";
import { json } from "./long-text";
import { html, type Markup, markup } from "./markup";
import { pill } from "./outcome-pill";
import { pageData } from "./page-data";
import { pageScript } from "./page-script";
import { failedJobs, jobsTable, statesTable } from "./tables";

/** Returns the page. Text from jobs and users never becomes markup: see `markup.ts` and the policy in the head of the page. */
export async function toHtml(report: Report): Promise<string> {
  const script = pageScript();
  const hash = createHash("sha256").update(script).digest("base64");
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    "style-src 'unsafe-inline'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ];
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="workflow">
<meta http-equiv="Content-Security-Policy" content="${policy.join("; ")}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${OUTCOMES[executionOutcome(report)].sign} ${printable(report.name)} · ${report.status}</title>
<style>${markup(readFileSync(join(__dirname, "page/page.css"), "utf8"))}</style>
</head>
<body>
${header(report)}
<main>
${whatWentWrong(report)}
<div class="overview">
${await diagram(report)}
<div class="column">
${timeline(report)}
${statesTable(report)}
</div>
</div>
${sizes(report)}
${jobsTable(report)}
${failedJobs(report)}
${inputAndOutput(report)}
${notices(report)}
</main>
<footer>${licence()}</footer>
<dialog id="job" aria-labelledby="job-name"></dialog>
<noscript><p class="screen">Filters, the timeline and the table of jobs need JavaScript.</p></noscript>
<script type="application/json" id="data">${markup(pageData(report))}</script>
<script>${markup(script)}</script>
</body>
</html>
`;
  return page.text;
}

// --- parts ---

const TABULATOR = require.resolve("tabulator-tables");

function header(report: Report): Markup {
  const { startedAt, stoppedAt, redriveCount, jobs, states, cost } = report;
  const of = (outcome: Outcome) => jobs.filter((job) => job.outcome === outcome).length;
  const ofBatch = sum(jobs.map(({ attempts }) => Math.max(0, attempts.length - 1)));
  const ofStates = sum(states.map(({ retries }) => retries));
  const figures: [name: string, value: string | Markup, kind?: Outcome | "retried"][] = [
    ["Took", stoppedAt === null ? "…" : duration(Date.parse(stoppedAt) - Date.parse(startedAt))],
    ["Jobs", count(jobs.length)],
    ["Succeeded", count(of("succeeded")), "succeeded"],
    ["Failed", count(of("failed")), "failed"],
    ...(of("stopped") > 0 ? [["Stopped", count(of("stopped")), "stopped"] as [string, string, Outcome]] : []),
    ["Batch retries", count(ofBatch), "retried"],
    ["State retries", count(ofStates), "retried"],
    ...(cost === undefined
      ? []
      : [[cost.measuredHere ? "Would cost" : "Cost", roughly(cost) || "not known"] as [string, string]]),
    ...(redriveCount > 0 ? [["Redriven", `${redriveCount}×`] as [string, string]] : []),
    ["States reached", `${states.filter(({ entered }) => entered > 0).length} of ${states.length}`],
    ["Started", startedAt === "" ? "…" : html`<time datetime="${startedAt}">${utc(startedAt)}</time>`],
  ];
  return html`<header class="top">
<div class="title">
${pill(executionOutcome(report), report.status.replaceAll("_", " "))}
<h1>${printable(report.name)}</h1>
</div>
<p class="place">${report.document.Comment === undefined ? "" : html`${printable(report.document.Comment)}<br>`}Ran on ${place(report.place)}</p>
<dl class="figures">${figures.map(
    ([name, value, kind]) =>
      html`<div class="figure${kind === undefined || value === "0" ? "" : ` is-${kind}`}"><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl>
</header>`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

async function diagram({ document }: Report): Promise<Markup> {
  const drawn = await drawingOf(document);
  if (drawn === null) return html``;
  const drawing = drawn
    .replace('<svg role="img"', '<svg role="group" aria-label="Diagram of the workflow"')
    .replace("@media (prefers-color-scheme: dark)", "@media screen and (prefers-color-scheme: dark)");
  return html`<section class="card diagram" aria-labelledby="diagram-title">
<h2 id="diagram-title">Workflow</h2>
<p class="hint screen">Choose a state to see only its jobs.</p>
<div class="drawing">${markup(drawing)}</div>
</section>`;
}

/** Returns `null` for a document that is too large to draw. The rest of the report is still useful. */
async function drawingOf(document: Report["document"]): Promise<string | null> {
  try {
    return await toSvg(document);
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}

function timeline({ jobs }: Report): Markup {
  const kinds = [
    ...(jobs.length > 0 ? ["queued"] : []),
    ...new Set<string>(jobs.map(({ outcome }) => outcome)),
    ...(jobs.some(({ attempts }) => attempts.length > 1) ? ["retried"] : []),
  ];
  return html`<section class="card timeline screen" aria-labelledby="timeline-title">
<div class="bar">
<h2 id="timeline-title">Timeline</h2>
<div class="buttons" role="group" aria-label="Zoom of the timeline">
<button type="button" data-zoom="left" aria-label="Earlier" title="Earlier (←)">←</button>
<button type="button" data-zoom="right" aria-label="Later" title="Later (→)">→</button>
<button type="button" data-zoom="out" aria-label="Zoom out" title="Zoom out (−)">−</button>
<button type="button" data-zoom="in" aria-label="Zoom in" title="Zoom in (+)">+</button>
<button type="button" data-zoom="all" title="The whole execution (0)">All</button>
</div>
</div>
<div id="timeline" tabindex="0" role="img" aria-label="Timeline of ${counted(jobs.length, "job")}; the table of states below has the same times as text" aria-describedby="timeline-range"></div>
<p class="caption hint"><span id="timeline-range" role="status"></span>
<span class="legend">${kinds.map((kind) => html`<span><i class="swatch is-${kind}"></i>${kind === "retried" ? "lost an attempt" : kind}</span> `)}</span></p>
</section>`;
}

function inputAndOutput({ input, output }: Report): Markup {
  return html`<section class="card data" aria-labelledby="data-title">
<h2 id="data-title">Input and output</h2>
<div class="pair">${json("Input", input)}${output === null ? html`<p class="quiet">No output</p>` : json("Output", output)}</div>
</section>`;
}

function sizes({ advice }: Report): Markup {
  if (advice.length === 0) return html``;
  return html`<section class="card" aria-labelledby="sizes"><h2 id="sizes">Smaller sizes that would do</h2><ul>${advice.map((each) => html`<li>${printable(adviceWords(each))}</li>`)}</ul></section>`;
}

function notices({ notices: messages }: Report): Markup {
  if (messages.length === 0) return html``;
  return html`<section class="card" aria-labelledby="notices"><h2 id="notices">Notices</h2><ul>${messages.map((message) => html`<li>${printable(message)}</li>`)}</ul></section>`;
}

function licence(): Markup {
  const { name, version, license } = JSON.parse(packageFile("package.json")) as Record<
    "name" | "version" | "license",
    string
  >;
  return html`<p>Times are in UTC.</p><details><summary>The table of jobs is made with ${name} ${version} (${license})</summary><pre>${packageFile("LICENSE")}</pre></details>`;
}

// --- pieces ---

function executionOutcome({ status }: Report): Outcome {
  if (status === "SUCCEEDED") return "succeeded";
  if (status === "RUNNING") return "running";
  return status === "ABORTED" ? "stopped" : "failed";
}

function place(where: string): Markup {
  const [, host] = /^https:\/\/([^/]+)/.exec(where) ?? [];
  if (host === undefined) return html`${printable(where)}`;
  return html`<a href="${where}" rel="noopener noreferrer">${printable(host)}</a>`;
}

/** Formats a time as `2026-01-01 12:00:00`. */
function utc(iso: string): string {
  return iso.slice(0, 19).replace("T", " ");
}

/** Reads a file of the package that draws the table of jobs. */
function packageFile(path: string): string {
  const [folder] = /^.*[\\/]node_modules[\\/][^\\/]+/.exec(TABULATOR)!;
  return readFileSync(join(folder, path), "utf8");
}
