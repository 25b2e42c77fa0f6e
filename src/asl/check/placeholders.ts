import { suggest } from "../../base/suggest";
import { placeholders } from "../substitution";
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
    const otherwise =
      offered.settingOf(name) ??
      (job === null
        ? `give it a value in \`substitutions\` in cdktf.json, or write \${!${name}} for the text itself`
        : `add a job \`${job}\` to cdktf.json`);
    const fix = meant.endsWith("?") ? `${meant} Otherwise ${otherwise}` : `${otherwise}; ${meant}`;
    for (const pointer of pointers) yield error("unknown-placeholder", pointer, `\${${name}} has no value`, fix);
  }
  for (const name of offered.expected) {
    if (used.has(name)) continue;
    const fix = "use it as the JobDefinition of a Task, or remove the job from the settings";
    yield error("unused-placeholder", "", `the document does not use \${${name}}, so its job never runs`, fix);
  }
}
