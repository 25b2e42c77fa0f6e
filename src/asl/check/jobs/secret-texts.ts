/** Finds texts in the requests of jobs that look like secrets: everybody who reads the document or a history sees them. */
import { asObject, escapePointer, isObject, type Json } from "../../../base/json";
import { visible } from "../../../base/text";
import { isJsonataText } from "../../query-language";
import { type Finding, warning } from "../problem";
import type { Subject } from "../subject";
import { batchTasks } from "./batch-request";

/** Returns whether a text has a secret in it, whatever its name: a key of AWS or GitHub, a private key, or a URL with a password. */
export function isSecretText(text: string): boolean {
  return SECRET.test(text);
}

/** Returns whether a variable is a secret by its name or its value. ARNs, paths, addresses, numbers and switches are none. */
export function isSecretVariable(name: string, value: string): boolean {
  return isSecretText(value) || (SECRET_NAME.test(name) && !NO_SECRET.test(value) && !isJsonataText(value));
}

/** Warns of the secrets. The message does not show them. */
export function* findSecretTexts(subject: Subject): Generator<Finding, void, undefined> {
  for (const { request, requestPointer } of batchTasks(subject)) {
    for (const { field, isSecret } of secretsIn(request)) {
      if (!isSecret) continue;
      const message = `${visible(field.join(".").replace(/\.(\d+)(?=\.|$)/, "[$1]"))} looks like a secret, and everybody who reads the document or a history sees it`;
      yield warning("visible-secret", [requestPointer, ...field.map(escapePointer)].join("/"), message, FIX);
    }
  }
}

// --- internal ---

const FIX = "store it in Secrets Manager or SSM, and write its ARN into `secrets` of the job in cdktf.json";

/** The words at the end of a name, such as DB_PASSWORD or apiKey. */
const SECRET_NAME =
  /(^|[_\-.]|[a-z](?=[A-Z]))(password|passwd|passphrase|secret|token|credentials?|(api|access|private|secret|encryption)[_-]?key)$/i;

const SECRET =
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}|-----BEGIN [A-Z ]*PRIVATE KEY-----|:\/\/[^\s/:@]+:[^\s/:@]+@/;

/** A value that a variable with such a name may have too. A text that starts with $ is a path or a placeholder. */
const NO_SECRET = /^(arn:|\.{0,2}\/|[a-z][a-z0-9+.-]*:\/\/|\$|Ref::|-?[\d.]+$|(true|false|yes|no|on|off|none|)$)/i;

interface Text {
  /** The path of the text in the request. */
  readonly field: readonly string[];
  readonly isSecret: boolean;
}

function secretsIn({ ContainerOverrides, Parameters }: Readonly<Record<string, Json>>): Text[] {
  const { Command, Environment } = asObject(ContainerOverrides);
  const [command, variables] = [Command, Environment].map((list) => (Array.isArray(list) ? list : []));
  return [
    ...command!.map((text, index) => ({
      field: ["ContainerOverrides", "Command", String(index)],
      isSecret: typeof text === "string" && isSecretText(text),
    })),
    ...variables!.map((variable, index) => {
      const { Name, Value } = isObject(variable) ? variable : {};
      return {
        field: ["ContainerOverrides", "Environment", String(index), "Value"],
        isSecret: isVariable(Name, Value),
      };
    }),
    ...Object.entries(asObject(Parameters)).map(([name, value]) => ({
      field: ["Parameters", name],
      isSecret: isVariable(name, value),
    })),
  ];
}

function isVariable(name: Json | undefined, value: Json | undefined): boolean {
  return typeof name === "string" && typeof value === "string" && isSecretVariable(name, value);
}
