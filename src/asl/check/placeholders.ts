import { suggest } from "../../base/suggest";
import { placeholders } from "../document";
import { error, type Finding } from "./problem";
import type { Subject } from "./subject";

/** Finds unknown placeholders, and jobs without a placeholder. */
export function* findPlaceholderMistakes({
  document,
  placeholders: offered,
}: Subject): Generator<Finding, void, undefined> {
  if (offered === null) return;
  const used = placeholders(document);
  const names = [...offered.expected, ...offered.known];
  for (const [name, pointers] of used) {
    if (names.includes(name)) continue;
    const meant = suggest(
      `\${${name}}`,
      names.map((other) => `\${${other}}`),
      "placeholders",
    );
    const job = offered.jobOf(name);
    const fix =
      job === null ? meant : `${meant}${meant.endsWith("?") ? "" : ","} or add a job \`${job}\` to cdktf.json`;
    for (const pointer of pointers) yield error("unknown-placeholder", pointer, `\${${name}} has no value`, fix);
  }
  for (const name of offered.expected) {
    if (used.has(name)) continue;
    const fix = "use it as the JobDefinition of a Task, or remove the job from the settings";
    yield error("unused-placeholder", "", `the document does not use \${${name}}, so its job never runs`, fix);
  }
}
