/** Shows what a job ran: its command, its variables, and the line that runs it again. */
import { dockerRun, shellWord } from "../../docker-run";
import type { JobDescription } from "../../events";
import { sizeWords } from "../../job-words";
import { withDelta } from "../deltas";
import { create } from "./elements";
import type { PageJob, ReportData } from "./report-data";

/** Returns the description of a job; `null` if nothing is known of it. */
export function descriptionIn({ descriptions }: ReportData, { ran }: PageJob): JobDescription | null {
  return ran === null ? null : (withDelta(descriptions[ran.like]!, ran.but) as unknown as JobDescription);
}

/** Returns the facts of a description that fit in one line each. */
export function factsOfDescription(job: JobDescription): [name: string, value: string][] {
  return [
    ["Definition", job.definition],
    ["Image", job.image],
    ["Command", job.command.length === 0 ? "the image's own" : job.command.map(shellWord).join(" ")],
    ["Size", sizeWords(job)],
  ];
}

/** Returns the elements that show the variables, and the line for `docker run`. */
export function whatRan(job: JobDescription): HTMLElement[] {
  const variables = Object.entries(job.environment);
  const line = dockerRun(job);
  return [
    ...(variables.length === 0
      ? []
      : [
          create("details", {}, [
            create("summary", {}, [`Environment (${variables.length})`]),
            codeBlock(variables.map(([name, value]) => `${name}=${value}`).join("\n")),
          ]),
        ]),
    ...(line === null ? [] : [create("h3", {}, ["Run it here"]), codeBlock(line), copyButton(line)]),
  ];
}

// --- internal ---

function codeBlock(text: string): HTMLElement {
  return create("pre", { className: "log", tabIndex: 0 }, [text]);
}

function copyButton(line: string): HTMLElement {
  const button = create("button", { type: "button", className: "small" }, ["Copy"]);
  button.addEventListener("click", () => {
    // A page that was opened from a file may have no access to the clipboard.
    void navigator.clipboard?.writeText(line).then(() => {
      button.textContent = "Copied";
    });
  });
  return button;
}
