/** Shows one job: its facts, its attempts and its log. */
import { duration } from "../../../base/terminal-text";
import { jobCostInWords } from "../../cost/money";
import { placeName } from "../../events";
import { usageWords } from "../../job-words";
import { reasonOf } from "../../outcome";
import { waitText } from "../../waits";
import { create } from "./elements";
import { outcomePill } from "./jobs-table";
import type { PageAttempt, PageJob, ReportData } from "./report-data";
import { descriptionIn, factsOfDescription, whatRan } from "./what-ran";

/** Fills the dialog and opens it. */
export function showJob(dialog: HTMLDialogElement, data: ReportData, job: PageJob): void {
  const description = descriptionIn(data, job);
  const close = create("button", { type: "button", ariaLabel: "Close" }, ["✕"]);
  close.addEventListener("click", () => dialog.close());
  const { reusedFrom } = job;
  const nothing =
    reusedFrom === null ? null : `The job has not run here. Its attempts and its log are in the run ${reusedFrom}.`;
  dialog.replaceChildren(
    create("div", { className: "bar" }, [create("h2", { id: "job-name" }, [job.name]), close]),
    outcomePill(job),
    create(
      "dl",
      { className: "facts" },
      [...factsOf(job), ...(description === null ? [] : factsOfDescription(description))].flatMap(([name, value]) => [
        create("dt", {}, [name]),
        create("dd", {}, [value]),
      ]),
    ),
    create("h3", {}, ["Attempts"]),
    job.attempts.length === 0 ? quiet(nothing ?? "None: the job never started.") : attemptsTable(job.attempts),
    create("h3", {}, ["Log, last lines"]),
    job.log === ""
      ? quiet(nothing ?? "The job wrote nothing.")
      : create("pre", { className: "log", tabIndex: 0 }, [job.log]),
    ...(description === null ? [] : whatRan(description)),
  );
  dialog.showModal();
}

// --- internal ---

function factsOf(job: PageJob): [name: string, value: string][] {
  const { id, exitCode, hint, wait, submittedAt, startedAt, stoppedAt, cost } = job;
  return [
    ["State", placeName(job)],
    ["Id", id],
    ...(job.reusedFrom === null ? [] : [["Reused from", job.reusedFrom] satisfies [string, string]]),
    ...(job.notReused === undefined ? [] : [["Has run because", job.notReused] satisfies [string, string]]),
    ...(job.value === "" ? [] : [["Item", job.value] satisfies [string, string]]),
    ["Exit code", String(exitCode ?? "none")],
    ["Reason", reasonOf(job) || "none"],
    ...(hint === undefined ? [] : [["Hint", hint] satisfies [string, string]]),
    ...(wait === null ? [] : [["Now", waitText(wait)] satisfies [string, string]]),
    ["Submitted", `+${duration(submittedAt)}`],
    [
      "Queued",
      startedAt === null ? (stoppedAt === null ? "until now" : "until its end") : duration(startedAt - submittedAt),
    ],
    ["Ran", startedAt === null || stoppedAt === null ? "not" : duration(stoppedAt - startedAt)],
    ["Used", usageWords(job.usage) || "not known"],
    ...(cost === undefined ? [] : [["Cost", jobCostInWords(cost)] satisfies [string, string]]),
  ];
}

function attemptsTable(attempts: readonly PageAttempt[]): HTMLElement {
  const row = (name: "th" | "td", texts: readonly string[]) =>
    create(
      "tr",
      {},
      texts.map((text) => create(name, {}, [text])),
    );
  const rows = attempts.map(({ startedAt, stoppedAt, exitCode, reason, statusReason, injected }, index) =>
    row("td", [
      String(index + 1),
      startedAt === null ? "did not start" : `+${duration(startedAt)}`,
      startedAt === null ? "" : duration(stoppedAt - startedAt),
      String(exitCode ?? ""),
      [reason, statusReason, injected && `${injected}, injected by --chaos`].filter(Boolean).join("; "),
    ]),
  );
  const head = create("thead", {}, [row("th", ["#", "Started", "Ran", "Exit code", "Reason"])]);
  return create("div", { className: "scroll" }, [create("table", {}, [head, create("tbody", {}, rows)])]);
}

function quiet(text: string): HTMLElement {
  return create("p", { className: "quiet" }, [text]);
}
