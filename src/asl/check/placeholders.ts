import { jobDefinitionPlaceholder, SHORT_NAME, SHORT_NAME_LENGTH } from "../../names";
import { suggest } from "../../suggest";
import { placeholders } from "../document";
import { error, type Finding } from "./problem";
import type { Subject } from "./subject";

/** Placeholders that nothing is offered for, and jobs that no placeholder names. */
export function* findPlaceholderMistakes({
  document,
  placeholders: offered,
}: Subject): Generator<Finding, void, undefined> {
  const used = placeholders(document);
  const names = [...offered.expected, ...offered.known];
  for (const [name, pointers] of used) {
    if (names.includes(name)) continue;
    const meant = suggest(
      `\${${name}}`,
      names.map((other) => `\${${other}}`),
      "placeholders",
    );
    const job = jobOf(name);
    const fix =
      job === null ? meant : `${meant}${meant.endsWith("?") ? "" : ","} or add a job \`${job}\` to cdktf.json`;
    for (const pointer of pointers) yield error("unknown-placeholder", pointer, `\${${name}} is given no value`, fix);
  }
  for (const name of offered.expected) {
    if (used.has(name)) continue;
    const fix = "name it as the JobDefinition of a task, or remove the job from the settings";
    yield error("unused-placeholder", "", `\${${name}} is named nowhere in the document: its job never runs`, fix);
  }
}

// --- internal ---

/** The job whose definition a placeholder would stand for; `null` where no job can have that name. */
function jobOf(placeholder: string): string | null {
  const words = placeholder.replace(/JobDefinitionArn$/, "").split(/(?=[A-Z])/);
  const job = words.join("-").toLowerCase();
  const isName = SHORT_NAME.test(job) && job.length <= SHORT_NAME_LENGTH;
  return isName && jobDefinitionPlaceholder(job) === placeholder ? job : null;
}
