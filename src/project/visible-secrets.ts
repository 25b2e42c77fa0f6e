/** Finds values of secrets in those fields of a job that everybody sees: in cdktf.json, the plan, the state and the console. */
import { isSecretText, isSecretVariable } from "../asl/check/jobs/secret-texts";
import { type Finding, warning } from "../asl/check/problem";
import { escapePointer } from "../base/json";
import type { Settings } from "./settings-types";

/** Warns of texts that look like secrets. The message does not show them. */
export function findVisibleSecrets(settings: Settings): Finding[] {
  return Object.entries(settings.jobs).flatMap(([name, job]) =>
    VISIBLE_FIELDS.flatMap((field) =>
      Object.entries(job[field]).flatMap(([key, text]) => {
        if (!(field === "command" ? isSecretText(text) : isSecretVariable(key, text))) return [];
        const pointer = `/context/jobs/${escapePointer(name)}/${field}/${escapePointer(key)}`;
        const place = field === "command" ? `jobs.${name}.command[${key}]` : `jobs.${name}.${field}.${key}`;
        const message = `\`${place}\` looks like a secret, and everybody who reads the plan, the state or the job definition sees it`;
        return [warning("visible-secret", pointer, message, FIX)];
      }),
    ),
  );
}

// --- internal ---

const VISIBLE_FIELDS = ["command", "parameters", "environment"] as const;
const FIX = "store it in Secrets Manager or SSM, and write its ARN into `secrets` of the job";
