/** Finds placeholders in those fields of a job in which nothing fills them in. */
import { type Finding, warning } from "../asl/check/problem";
import { placeholdersIn } from "../asl/substitution";
import { escapePointer } from "../base/json";
import { DATA_BUCKET_VARIABLE } from "./names";
import { DATA_BUCKET_PLACEHOLDER, projectPlaceholders } from "./project-placeholders";
import type { Settings } from "./settings-types";

/** Warns of texts that the job gets as they are written, although a placeholder in them has a value in the document. */
export function findLiteralPlaceholders(settings: Settings): Finding[] {
  const known = new Set([
    ...projectPlaceholders(settings),
    ...Object.keys(settings.substitutions),
    DATA_BUCKET_PLACEHOLDER,
  ]);
  return Object.entries(settings.jobs).flatMap(([name, job]) =>
    LITERAL_FIELDS.flatMap((field) =>
      Object.entries(job[field]).flatMap(([key, text]) => {
        const used = placeholdersIn(text).find((placeholder) => known.has(placeholder));
        if (used === undefined) return [];
        const pointer = `/context/jobs/${escapePointer(name)}/${field}/${escapePointer(key)}`;
        const message = `\`jobs.${name}.${field}\` has \${${used}}, which the job gets as it is written`;
        return [warning("literal-placeholder", pointer, message, used === DATA_BUCKET_PLACEHOLDER ? OF_BUCKET : FIX)];
      }),
    ),
  );
}

// --- internal ---

const LITERAL_FIELDS = ["command", "parameters", "environment"] as const;
const FIX = "write the value, or set it in the document, where placeholders have their values";
const OF_BUCKET = `read the variable ${DATA_BUCKET_VARIABLE}, which \`data\` gives to every job, or set it in the document`;
