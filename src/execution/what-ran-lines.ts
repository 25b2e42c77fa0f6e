/** The lines of the terminal about what a failed job ran. */
import { type Line, printable } from "../base/terminal-text";
import { dockerRun, shellWord } from "./docker-run";
import { itemText } from "./item-values";
import { sizeWords } from "./job-words";
import type { Job } from "./tally";

/** The most characters of an item and of a command. */
const LONGEST_FACT = 200;
/** A longer line for `docker run` is only in the report. */
const LONGEST_DOCKER_RUN = 2000;

/** Describes the item, the image, the command and the size of a job, with a line that runs it again. Empty if nothing is known. */
export function whatRan({ description, item }: Pick<Job, "description" | "item">): Line[] {
  const itemLines = item === null ? [] : [fact("item", printable(itemText(item), LONGEST_FACT))];
  if (description === null) return itemLines;
  const { image, command } = description;
  const words = command.map(shellWord).join(" ");
  return [
    ...itemLines,
    ...(image === "" ? [] : [fact("image", printable(image))]),
    fact("command", command.length === 0 ? "the image's own" : printable(words, LONGEST_FACT)),
    fact("size", sizeWords(description)),
    ...dockerRunLines(dockerRun(description)),
  ];
}

// --- internal ---

function dockerRunLines(line: string | null): Line[] {
  if (line === null) return [];
  const lines = line.split("\n");
  const canCopy = line.length <= LONGEST_DOCKER_RUN && lines.every((each) => printable(each) === each);
  if (!canCopy) return [fact("run it", "the report has the `docker run` line: add --report FILE")];
  // The first line has nothing before it, so that all of them can be copied.
  return [[{ text: "    run it:", style: "dim" }], ...lines.map((each): Line => [{ text: each }])];
}

function fact(name: string, text: string): Line {
  return [{ text: `    ${name}: `, style: "dim" }, { text }];
}
