/** Finds values of secrets in those fields of a job that everybody sees: in cdktf.json, the plan, the state and the console. */
import { type Finding, warning } from "../asl/check/problem";
import { escapePointer } from "../base/json";
import type { Settings } from "./settings-types";

/** Warns of texts that look like secrets. The message does not show them. */
export function findVisibleSecrets(settings: Settings): Finding[] {
  return Object.entries(settings.jobs).flatMap(([name, job]) =>
    VISIBLE_FIELDS.flatMap((field) =>
      Object.entries(job[field]).flatMap(([key, text]) => {
        if (!isSecret(text) && !(field !== "command" && isSecretName(key) && mayBeSecret(text))) return [];
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

/** The words at the end of a name, such as DB_PASSWORD or apiKey. */
const SECRET_NAME =
  /(^|[_\-.]|[a-z](?=[A-Z]))(password|passwd|passphrase|secret|token|credentials?|(api|access|private|secret|encryption)[_-]?key)$/i;

/** Keys of AWS and GitHub, private keys, and URLs with a password. */
const SECRET =
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}|-----BEGIN [A-Z ]*PRIVATE KEY-----|:\/\/[^\s/:@]+:[^\s/:@]+@/;

function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

function isSecret(text: string): boolean {
  return SECRET.test(text);
}

/** Returns whether a value is no ARN, path, address, number or switch, which a name such as TOKEN may have too. */
function mayBeSecret(text: string): boolean {
  return !/^(arn:|\.{0,2}\/|[a-z][a-z0-9+.-]*:\/\/|\$|Ref::|-?[\d.]+$|(true|false|yes|no|on|off|none)$)/i.test(text);
}
