/** The page. The user chooses a state, an outcome and words. The diagram, the timeline and the table follow this choice. */
import { count, counted, duration } from "../../../base/terminal-text";
import { type JobOutcome, OUTCOMES, RETRIED_SIGN, reasonOf } from "../../outcome";
import { markDiagram } from "./diagram-marks";
import { byId, create } from "./elements";
import { showJob } from "./job-dialog";
import { createJobsTable } from "./jobs-table";
import type { PageJob, ReportData } from "./report-data";
import { createTimeline } from "./timeline";
import type { MOVES } from "./timeline-layout";

/** A filter for jobs. `retried` matches jobs with several attempts, whatever their outcome. */
type Filter = JobOutcome | "retried";

const FILTERS: readonly { readonly filter: Filter; readonly sign: string; readonly word: string }[] = [
  { filter: "failed", ...OUTCOMES.failed },
  { filter: "retried", sign: RETRIED_SIGN, word: "several attempts" },
  { filter: "stopped", ...OUTCOMES.stopped },
  { filter: "running", ...OUTCOMES.running },
  { filter: "succeeded", ...OUTCOMES.succeeded },
];

const data = JSON.parse(byId("data").textContent) as ReportData;
const dialog = byId("job") as HTMLDialogElement;
const NOTHING: { readonly state: string | null; readonly filter: Filter | null; readonly words: string } = {
  state: null,
  filter: null,
  words: "",
};
let choice = NOTHING;
/** The state that the timeline shows. */
let drawnState: string | null | undefined;

const openJob = (job: PageJob) => showJob(dialog, data, job);
const table = data.jobs.length > 0 ? createJobsTable(data.jobs, openJob) : null;
const timeline = createTimeline(byId("timeline"), data, {
  onJob: openJob,
  onState: toggleState,
  onRange: ({ from, to }, jobs) => {
    const isAll = from <= 0 && to >= data.end;
    const range = isAll ? "The whole execution" : `${duration(from)} to ${duration(to)}`;
    byId("timeline-range").textContent = `${range}: ${counted(jobs, "job")}`;
  },
});

markDiagram(data.states);
offerFilters();
listen();
choose({});
tellReady();

// --- choice ---

function choose(change: Partial<typeof choice>): void {
  choice = { ...choice, ...change };
  const { state, filter, words } = choice;
  for (const group of document.querySelectorAll<SVGElement>("[data-state]")) {
    group.setAttribute("aria-pressed", String(group.dataset.state === state));
  }
  for (const row of document.querySelectorAll<HTMLElement>("[data-row-state]")) {
    row.classList.toggle("chosen", row.dataset.rowState === state);
  }
  const states = chosenStates();
  if (state !== drawnState) timeline.show(states);
  drawnState = state;
  if (table === null) return;
  showChosenState();
  for (const button of document.querySelectorAll<HTMLElement>("#outcomes button")) {
    button.setAttribute("aria-pressed", String(button.dataset.filter === filter));
  }
  (byId("search") as HTMLInputElement).value = words;
  byId("clear").hidden = state === null && filter === null && words === "";
  filterJobs(states);
}

function toggleState(name: string): void {
  choose({ state: choice.state === name ? null : name });
}

/** The chosen state and the states inside it; `null` for all. */
function chosenStates(): ReadonlySet<string> | null {
  const chosen = choice.state;
  if (chosen === null) return null;
  const inside = data.states.filter(({ name, parents }) => name === chosen || parents.includes(chosen));
  return new Set(inside.map(({ name }) => name));
}

/** A state without jobs is an option only while it is chosen. */
function showChosenState(): void {
  const select = byId("state") as HTMLSelectElement;
  select.querySelector("[data-around]")?.remove();
  select.value = choice.state ?? "";
  if (select.value !== "" || choice.state === null) return;
  const option = new Option(choice.state, choice.state, true, true);
  option.dataset.around = "";
  select.add(option);
}

function filterJobs(states: ReadonlySet<string> | null): void {
  const words = choice.words.toLowerCase().split(/\s+/).filter(Boolean);
  const isShown = (job: PageJob) =>
    (states === null || states.has(job.state)) &&
    (choice.filter === null || passes(job, choice.filter)) &&
    words.every((word) =>
      [job.name, job.state, job.id, job.value, reasonOf(job), job.log].some((text) =>
        text.toLowerCase().includes(word),
      ),
    );
  const shown = data.jobs.filter(isShown).length;
  const isAll = shown === data.jobs.length;
  const all = counted(data.jobs.length, "job");
  byId("shown").textContent = isAll ? all : `${count(shown)} of ${all}`;
  table?.filter(isAll ? null : isShown);
}

function passes({ outcome, attempts }: PageJob, filter: Filter): boolean {
  return filter === "retried" ? attempts.length > 1 : outcome === filter;
}

function offerFilters(): void {
  if (table === null) return;
  for (const { filter, sign, word } of FILTERS) {
    const number = data.jobs.filter((job) => passes(job, filter)).length;
    if (number === 0) continue;
    const button = create("button", { type: "button" }, [
      create("span", { className: `sign is-${filter}`, ariaHidden: "true" }, [sign]),
      ` ${word} `,
      create("span", { className: "quiet" }, [count(number)]),
    ]);
    button.dataset.filter = filter;
    byId("outcomes").append(button);
  }
}

// --- events ---

function listen(): void {
  document.addEventListener("click", ({ target }) => click(target as Element));
  document.addEventListener("keydown", press);
  document.getElementById("search")?.addEventListener("input", ({ target }) => {
    choose({ words: (target as HTMLInputElement).value });
  });
  document.getElementById("state")?.addEventListener("change", ({ target }) => {
    choose({ state: (target as HTMLSelectElement).value || null });
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", timeline.draw);
}

function click(target: Element): void {
  if (target === dialog) dialog.close();
  const button = target.closest<HTMLElement>(
    "[data-filter-state], [data-job], [data-zoom], [data-filter], #clear, .state[data-state]",
  );
  if (button === null) return;
  const { filterState, job, zoom, filter, state = filterState } = button.dataset;
  if (zoom !== undefined) timeline.move(zoom as keyof typeof MOVES);
  else if (job !== undefined) openJob(data.jobs.find(({ id }) => id === job)!);
  else if (state !== undefined) toggleState(state);
  else if (filter !== undefined) choose({ filter: choice.filter === filter ? null : (filter as Filter) });
  else choose(NOTHING);
}

function press(event: KeyboardEvent): void {
  if (event.key === "Escape" && !dialog.open) choose(NOTHING);
  const target = (event.target as Element).closest(
    ".state[data-state], #jobs .tabulator-sortable, #jobs .tabulator-row button",
  );
  if (target === null) return;
  if (target.matches("button")) {
    moveInTable(event, target);
  } else if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    target.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  }
}

/** The table contains only visible rows. The arrow keys reach the others. */
function moveInTable(event: KeyboardEvent, button: Element): void {
  const row = button.closest(".tabulator-row");
  const next =
    event.key === "ArrowDown" ? row?.nextElementSibling : event.key === "ArrowUp" ? row?.previousElementSibling : null;
  const nextButton = next?.querySelector("button");
  if (!nextButton) return;
  event.preventDefault();
  nextButton.focus();
}

/** The table measures itself in the frame after it was built. */
async function tellReady(): Promise<void> {
  await table?.built;
  for (let frames = 0; frames < 2; frames += 1) await new Promise(requestAnimationFrame);
  performance.mark("report-ready");
  document.documentElement.dataset.ready = "";
}
