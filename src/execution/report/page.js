/** What the page does: one choice of state, outcome and words, that the diagram, the timeline and the table all follow. */

import { createTimeline } from "./timeline.js";
import { count, counted, create, duration, reasonOf, SIGNS } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";

const data = readData();
/** The state that the timeline shows. */
let drawn;
const choice = { state: null, outcome: null, words: "" };
const dialog = document.getElementById("job");

// --- data ---

function readData() {
  const { end, states, jobs: rows } = JSON.parse(document.getElementById("data").textContent);
  const jobs = rows.map(
    ([
      state,
      indices,
      name,
      id,
      outcome,
      exitCode,
      statusReason,
      submittedAt,
      startedAt,
      stoppedAt,
      attempts,
      log,
    ]) => ({
      state: states[state]?.name ?? "",
      indices,
      index: indices.join(", "),
      name,
      id,
      outcome,
      exitCode,
      statusReason,
      submittedAt,
      startedAt,
      stoppedAt,
      attempts: attempts.map(([started, stopped, code, reason, why]) => ({
        startedAt: started,
        stoppedAt: stopped,
        exitCode: code,
        reason,
        statusReason: why,
      })),
      attemptCount: attempts.length,
      ran: startedAt === null || stoppedAt === null ? null : stoppedAt - startedAt,
      queued: startedAt === null ? null : startedAt - submittedAt,
      log,
    }),
  );
  const last = jobs.reduce((latest, job) => Math.max(latest, job.stoppedAt ?? job.submittedAt), 0);
  return { end: end ?? Math.max(last, ...states.map(({ stoppedAt }) => stoppedAt ?? 0)), states, jobs };
}

function lastLine({ log }) {
  return log.slice(log.lastIndexOf("\n") + 1);
}

// --- choice ---

function chooseState(name) {
  choice.state = choice.state === name ? null : name;
  apply();
}

/** The chosen state and those inside it; `null` for all. */
function chosenStates() {
  if (choice.state === null) return null;
  const inside = data.states.filter(({ name, parents }) => name === choice.state || parents.includes(choice.state));
  return new Set(inside.map(({ name }) => name));
}

function apply() {
  const states = chosenStates();
  for (const group of document.querySelectorAll("[data-state]")) {
    group.setAttribute("aria-pressed", String(group.dataset.state === choice.state));
  }
  for (const row of document.querySelectorAll("[data-row-state]")) {
    row.classList.toggle("chosen", row.dataset.rowState === choice.state);
  }
  if (choice.state !== drawn) timeline.show(states);
  drawn = choice.state;
  if (table === null) return;
  const select = document.getElementById("state");
  select.querySelector("[data-around]")?.remove();
  select.value = choice.state ?? "";
  if (select.value === "" && choice.state !== null) {
    const around = new Option(choice.state, choice.state, true, true);
    around.dataset.around = "";
    select.add(around);
  }
  for (const button of document.querySelectorAll("#outcomes button")) {
    button.setAttribute("aria-pressed", String(button.dataset.outcome === choice.outcome));
  }
  document.getElementById("search").value = choice.words;
  document.getElementById("clear").hidden = choice.state === null && choice.outcome === null && choice.words === "";
  filterTable(states);
}

function filterTable(states) {
  const words = choice.words.toLowerCase().split(/\s+/).filter(Boolean);
  const isShown = (job) =>
    (states === null || states.has(job.state)) &&
    (choice.outcome === null || OUTCOMES[choice.outcome](job)) &&
    words.every((word) =>
      [job.name, job.state, job.id, reasonOf(job), job.log].some((text) => text.toLowerCase().includes(word)),
    );
  const shown = data.jobs.filter(isShown).length;
  const isAll = shown === data.jobs.length;
  document.getElementById("shown").textContent = isAll
    ? counted(shown, "job")
    : `${count(shown)} of ${counted(data.jobs.length, "job")}`;
  table.then((built) => (isAll ? built.clearFilter() : built.setFilter(isShown)));
}

// --- diagram ---

function markDiagram() {
  for (const state of data.states) {
    const group = document.querySelector(`[data-state=${CSS.escape(state.name)}]`);
    if (group === null) continue;
    group.dataset.outcome = state.outcome;
    group.classList.add(`is-${state.outcome}`);
    group.setAttribute("role", "button");
    group.setAttribute("tabindex", "0");
    const counts = ["succeeded", "failed", "caught", "stopped", "retries"]
      .filter((what) => state[what] > 0)
      .map((what) => `${count(state[what])} ${what}`);
    group.setAttribute(
      "aria-label",
      [`${state.name}, ${state.type}`, ...(counts.length > 0 ? counts : ["not reached"])].join(", "),
    );
    if (state.outcome !== "not-reached") group.append(badge(group, badgeText(state)));
  }
}

/** `✓`, `✓ 24`, `✗ 1/24` */
function badgeText({ outcome, entered, ...counts }) {
  if (entered < 2) return SIGNS[outcome];
  const number = counts[outcome] ?? entered;
  return `${SIGNS[outcome]} ${count(number)}${number === entered ? "" : `/${count(entered)}`}`;
}

/** A sign, and how often, on the upper right corner of a shape. */
function badge(group, text) {
  const box = group.querySelector(":scope > :is(path, polygon, ellipse)").getBBox();
  const width = 8 + 6 * text.length;
  const [x, y] = [box.x + box.width - width / 2 + 7, box.y];
  const make = (name, attributes) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const mark = make("g", { class: "badge", "aria-hidden": "true" });
  const label = make("text", { x, y: y + 3.2, "text-anchor": "middle" });
  label.textContent = text;
  mark.append(make("rect", { x: x - width / 2, y: y - 7, width, height: 14, rx: 7 }), label);
  return mark;
}

// --- jobs ---

const OUTCOMES = {
  failed: ({ outcome }) => outcome === "failed",
  retried: ({ attempts }) => attempts.length > 1,
  stopped: ({ outcome }) => outcome === "stopped",
  running: ({ outcome }) => outcome === "running",
  succeeded: ({ outcome }) => outcome === "succeeded",
};

/** Step Functions retries a state; Batch makes attempts of a job. */
const OUTCOME_WORDS = { retried: "several attempts" };

function offerOutcomes() {
  if (table === null) return;
  for (const [outcome, test] of Object.entries(OUTCOMES)) {
    const number = data.jobs.filter(test).length;
    if (number === 0) continue;
    const button = create("button", { type: "button" }, [
      create("span", { className: `sign is-${outcome}`, ariaHidden: "true" }, [SIGNS[outcome]]),
      ` ${OUTCOME_WORDS[outcome] ?? outcome} `,
      create("span", { className: "quiet" }, [count(number)]),
    ]);
    button.dataset.outcome = outcome;
    document.getElementById("outcomes").append(button);
  }
}

/** Resolves when the table can be filtered. */
function createTable() {
  const time = (cell) => (cell.getValue() === null ? "" : duration(cell.getValue()));
  const number = { hozAlign: "right", headerHozAlign: "right", sorter: "number", headerSortStartingDir: "desc" };
  const worstFirst = data.jobs.some(({ outcome }) => outcome === "failed");
  const built = new Tabulator("#jobs", {
    data: data.jobs,
    index: "id",
    layout: "fitColumns",
    responsiveLayout: "hide",
    maxHeight: 640,
    rowHeight: 39,
    placeholder: "No job matches these filters.",
    autoResize: false,
    initialSort: worstFirst ? [{ column: "outcome", dir: "asc" }] : [],
    columns: [
      { title: "Job", field: "name", minWidth: 150, widthGrow: 2, responsive: 0, sorter: natural, formatter: nameCell },
      { title: "Outcome", field: "outcome", width: 138, responsive: 0, sorter: byOutcome, formatter: outcomeCell },
      { title: "State", field: "state", minWidth: 110, widthGrow: 1.4, responsive: 4, formatter: textCell },
      { title: "Item", field: "index", width: 76, responsive: 5, ...number, sorter: natural },
      { title: "Attempts", field: "attemptCount", width: 100, responsive: 6, ...number },
      { title: "Exit code", field: "exitCode", width: 104, responsive: 3, ...number },
      { title: "Queued", field: "queued", width: 94, responsive: 7, ...number, formatter: time },
      { title: "Ran", field: "ran", width: 84, responsive: 2, ...number, formatter: time },
      {
        title: "Reason, last line",
        field: "log",
        minWidth: 220,
        widthGrow: 4,
        responsive: 8,
        headerSort: false,
        formatter: whyCell,
      },
    ],
  });
  built.on("rowClick", (_, row) => showJob(row.getData()));
  return new Promise((resolve) => {
    built.on("tableBuilt", () => {
      for (const header of document.querySelectorAll("#jobs .tabulator-sortable")) header.tabIndex = 0;
      followWidth(built);
      resolve(built);
    });
  });
}

/** Tabulator's own `autoResize` draws all rows anew when they scroll into view: the click or focus that led there is lost. */
function followWidth(built) {
  let drawnWidth = built.element.clientWidth;
  const observer = new ResizeObserver(() => {
    const width = built.element.clientWidth;
    if (width === drawnWidth || width === 0) return;
    drawnWidth = width;
    built.redraw(true);
  });
  observer.observe(built.element);
}

function textCell(cell) {
  return create("span", { title: cell.getValue() }, [cell.getValue()]);
}

function nameCell(cell) {
  return create("button", { type: "button", className: "link", title: cell.getValue() }, [cell.getValue()]);
}

function outcomeCell(cell) {
  const outcome = cell.getValue();
  const sign = create("span", { ariaHidden: "true" }, [SIGNS[outcome]]);
  return create("span", { className: `pill is-${outcome}` }, [sign, ` ${outcome}`]);
}

function whyCell(cell) {
  const job = cell.getData();
  const reason = job.outcome === "succeeded" ? "" : reasonOf(job);
  return create("span", {}, [
    reason,
    reason === "" ? "" : " ",
    create("span", { className: "last-line" }, [lastLine(job)]),
  ]);
}

const COLLATOR = new Intl.Collator("en", { numeric: true });
const ORDER = ["failed", "stopped", "running", "succeeded"];

function natural(one, other) {
  return COLLATOR.compare(one, other);
}

function byOutcome(one, other) {
  return ORDER.indexOf(one) - ORDER.indexOf(other);
}

function showJob(job) {
  const facts = [
    ["State", `${job.state}${job.indices.map((index) => `[${index}]`).join("")}`],
    ["Id", job.id],
    ["Exit code", job.exitCode ?? "none"],
    ["Reason", reasonOf(job) || "none"],
    ["Submitted", `+${duration(job.submittedAt)}`],
    ["Queued", job.queued === null ? "until its end" : duration(job.queued)],
    ["Ran", job.ran === null ? "not" : duration(job.ran)],
  ];
  const cells = (name, texts) =>
    create(
      "tr",
      {},
      texts.map((text) => create(name, {}, [String(text)])),
    );
  const attempts = job.attempts.map(({ startedAt, stoppedAt, exitCode, reason, statusReason }, index) =>
    cells("td", [
      index + 1,
      startedAt === null ? "did not start" : `+${duration(startedAt)}`,
      startedAt === null ? "" : duration(stoppedAt - startedAt),
      exitCode ?? "",
      [reason, statusReason].filter(Boolean).join("; "),
    ]),
  );
  const close = create("button", { type: "button", ariaLabel: "Close" }, ["✕"]);
  close.addEventListener("click", () => dialog.close());
  dialog.replaceChildren(
    create("div", { className: "bar" }, [create("h2", { id: "job-name" }, [job.name]), close]),
    outcomeCell({ getValue: () => job.outcome }),
    create(
      "dl",
      { className: "facts" },
      facts.flatMap(([name, value]) => [create("dt", {}, [name]), create("dd", {}, [String(value)])]),
    ),
    create("h3", {}, ["Attempts"]),
    attempts.length === 0
      ? create("p", { className: "quiet" }, ["None: it never came to run."])
      : create("div", { className: "scroll" }, [
          create("table", {}, [
            create("thead", {}, [cells("th", ["#", "Started", "Ran", "Exit code", "Reason"])]),
            create("tbody", {}, attempts),
          ]),
        ]),
    create("h3", { id: "job-log" }, ["Log, last lines"]),
    job.log === ""
      ? create("p", { className: "quiet" }, ["It wrote nothing."])
      : create("pre", { className: "log", tabIndex: 0 }, [job.log]),
  );
  dialog.showModal();
}

// --- events ---

function listen() {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest(
      "[data-filter-state], [data-job], [data-zoom], [data-outcome]:is(button), #clear, .state[data-state]",
    );
    if (button === null) {
      if (target === dialog) dialog.close();
      return;
    }
    const { filterState, job, zoom, outcome, state } = button.dataset;
    if (zoom !== undefined) timeline.zoom(zoom);
    else if (job !== undefined) showJob(data.jobs.find(({ id }) => id === job));
    else if (button.id === "clear") clear();
    else if (state ?? filterState) chooseState(state ?? filterState);
    else {
      choice.outcome = choice.outcome === outcome ? null : outcome;
      apply();
    }
  });
  document.addEventListener("keydown", (event) => {
    const target = event.target.closest(".state[data-state], #jobs .tabulator-sortable, #jobs .tabulator-row button");
    if (event.key === "Escape" && !dialog.open) clear();
    if (target === null) return;
    if (target.matches("button")) moveInTable(event, target);
    else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      target.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    }
  });
  document.getElementById("search")?.addEventListener("input", ({ target }) => {
    choice.words = target.value;
    apply();
  });
  document.getElementById("state")?.addEventListener("change", ({ target }) => {
    choice.state = target.value || null;
    apply();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => timeline.recolor());
}

function clear() {
  Object.assign(choice, { state: null, outcome: null, words: "" });
  apply();
}

/** Arrow up and down: the table holds only the rows that are seen, so that tab alone does not lead far. */
function moveInTable(event, button) {
  const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
  const next = step && button.closest(".tabulator-row")[step]?.querySelector("button");
  if (!next) return;
  event.preventDefault();
  next.focus();
}

// --- start ---

const table = data.jobs.length > 0 ? createTable() : null;
const timeline = createTimeline(document.getElementById("timeline"), {
  states: data.states,
  jobs: data.jobs,
  end: data.end,
  onJob: showJob,
  onState: chooseState,
  onRange: ({ from, to, jobs, all }) => {
    const range = all ? "The whole execution" : `${duration(from)} to ${duration(to)}`;
    document.getElementById("timeline-range").textContent = `${range}: ${counted(jobs, "job")}`;
  },
});

markDiagram();
offerOutcomes();
listen();
apply();
const frame = () => new Promise(requestAnimationFrame);
// The table measures itself in the frame after it was built.
Promise.resolve(table)
  .then(frame)
  .then(frame)
  .then(() => {
    performance.mark("report-ready");
    document.documentElement.dataset.ready = "";
  });
