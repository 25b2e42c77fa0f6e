/** The table of jobs. */
import {
  type Column,
  FilterModule,
  FormatModule,
  InteractionModule,
  ResizeColumnsModule,
  ResponsiveLayoutModule,
  SortModule,
  Tabulator,
} from "tabulator-tables";
import { duration } from "../../../base/terminal-text";
import { briefly } from "../../cost/money";
import { type JobOutcome, OUTCOMES, REUSED_SIGN, reasonOf } from "../../outcome";
import { waitText } from "../../waits";
import { create } from "./elements";
import type { PageJob } from "./report-data";

export interface JobsTable {
  /** Shows the jobs that match. `null` shows all. */
  readonly filter: (isShown: ((job: PageJob) => boolean) | null) => void;
  /** Resolves when the table is on the page. */
  readonly built: Promise<void>;
}

/** Builds the table in `#jobs`. Failed jobs come first. */
export function createJobsTable(jobs: readonly PageJob[], onJob: (job: PageJob) => void): JobsTable {
  Tabulator.registerModule([
    ...[FilterModule, FormatModule, InteractionModule],
    ...[ResizeColumnsModule, ResponsiveLayoutModule, SortModule],
  ]);
  const failedFirst = jobs.some(({ outcome }) => outcome === "failed");
  const table = new Tabulator<TableRow>("#jobs", {
    data: jobs.map(rowOf),
    index: "id",
    layout: "fitColumns",
    responsiveLayout: "hide",
    maxHeight: 640,
    rowHeight: 39,
    placeholder: "No job matches these filters.",
    autoResize: false,
    initialSort: failedFirst ? [{ column: "outcome", dir: "asc" }] : [],
    columns: jobs.some(({ cost }) => cost !== undefined) ? COLUMNS : COLUMNS.filter(({ field }) => field !== "cost"),
  });
  table.on("rowClick", (_, row) => onJob(row.getData().job));
  const built = new Promise<void>((resolve) => {
    table.on("tableBuilt", () => {
      for (const header of document.querySelectorAll<HTMLElement>("#jobs .tabulator-sortable")) header.tabIndex = 0;
      followWidth(table);
      resolve();
    });
  });
  return {
    built,
    filter: (isShown) =>
      void built.then(() => (isShown === null ? table.clearFilter() : table.setFilter(({ job }) => isShown(job)))),
  };
}

/** Returns the sign and the word of a job's outcome, in its colours. */
export function outcomePill({ outcome, reusedFrom }: Pick<PageJob, "outcome" | "reusedFrom">): HTMLElement {
  const { sign, word } = reusedFrom === null ? OUTCOMES[outcome] : { sign: REUSED_SIGN, word: "reused" };
  const icon = create("span", { ariaHidden: "true" }, [sign]);
  return create("span", { className: `pill is-${outcome}` }, [icon, ` ${word}`]);
}

// --- internal ---

/** The fields that Tabulator sorts by. */
interface TableRow {
  readonly job: PageJob;
  readonly id: string;
  readonly name: string;
  readonly outcome: JobOutcome;
  readonly state: string;
  readonly item: string;
  readonly attempts: number;
  readonly exitCode: number | null;
  readonly queued: number | null;
  readonly ran: number | null;
  readonly cost: number | null;
}

function rowOf(job: PageJob): TableRow {
  const { id, name, outcome, state, indices, attempts, exitCode, submittedAt, startedAt, stoppedAt, cost } = job;
  return {
    ...{ job, id, name, outcome, state, item: indices.join(", "), attempts: attempts.length, exitCode },
    queued: startedAt === null ? null : startedAt - submittedAt,
    ran: startedAt === null || stoppedAt === null ? null : stoppedAt - startedAt,
    cost: cost?.amount ?? null,
  };
}

const COLLATOR = new Intl.Collator("en", { numeric: true });
/** The worst first. */
const ORDER: readonly JobOutcome[] = ["failed", "stopped", "running", "succeeded"];
const NUMBER = { hozAlign: "right", headerHozAlign: "right", sorter: "number", headerSortStartingDir: "desc" } as const;
const NATURAL = { sorter: COLLATOR.compare } as const;

const COLUMNS: readonly Column<TableRow>[] = [
  { title: "Job", field: "name", minWidth: 150, widthGrow: 2, responsive: 0, ...NATURAL, formatter: nameCell },
  {
    ...{ title: "Outcome", field: "outcome", width: 138, responsive: 0 },
    sorter: (one: JobOutcome, other: JobOutcome) => ORDER.indexOf(one) - ORDER.indexOf(other),
    formatter: (cell) => outcomePill(cell.getData().job),
  },
  {
    ...{ title: "State", field: "state", minWidth: 110, widthGrow: 1.4, responsive: 4 },
    formatter: (cell) => create("span", { title: cell.getData().state }, [cell.getData().state]),
  },
  { title: "Item", field: "item", width: 76, responsive: 5, ...NUMBER, ...NATURAL },
  { title: "Attempts", field: "attempts", width: 100, responsive: 6, ...NUMBER },
  { title: "Exit code", field: "exitCode", width: 104, responsive: 3, ...NUMBER },
  {
    ...{ title: "Queued", field: "queued", width: 94, responsive: 7, ...NUMBER },
    formatter: (cell) => timeText(cell.getData().queued),
  },
  {
    ...{ title: "Ran", field: "ran", width: 84, responsive: 2, ...NUMBER },
    formatter: (cell) => timeText(cell.getData().ran),
  },
  {
    ...{ title: "Cost", field: "cost", width: 88, responsive: 7, ...NUMBER },
    formatter: (cell) => briefly(cell.getData().job.cost),
  },
  {
    ...{ title: "Reason, last line", field: "job", minWidth: 220, widthGrow: 4, responsive: 8, headerSort: false },
    formatter: (cell) => whyCell(cell.getData().job),
  },
];

function nameCell(cell: { getData(): TableRow }): HTMLElement {
  const { name } = cell.getData();
  return create("button", { type: "button", className: "link", title: name }, [name]);
}

function timeText(time: number | null): string {
  return time === null ? "" : duration(time);
}

function whyCell(job: PageJob): HTMLElement {
  const reason = job.wait !== null ? waitText(job.wait) : job.outcome === "succeeded" ? "" : reasonOf(job);
  const lastLine = job.reusedFrom === null ? job.log.slice(job.log.lastIndexOf("\n") + 1) : `from ${job.reusedFrom}`;
  return create("span", {}, [
    reason === "" ? "" : `${reason} `,
    create("span", { className: "last-line" }, [lastLine]),
  ]);
}

/** Tabulator's own `autoResize` draws all rows again when they scroll into view. A click or focus there is lost. */
function followWidth(table: Tabulator<TableRow>): void {
  let drawnWidth = table.element.clientWidth;
  const observer = new ResizeObserver(() => {
    const width = table.element.clientWidth;
    if (width === drawnWidth || width === 0) return;
    drawnWidth = width;
    table.redraw(true);
  });
  observer.observe(table.element);
}
