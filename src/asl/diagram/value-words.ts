/** Paths, expressions and names in short words. */
import { asObject, type Json, type JsonObject, stringifyJson } from "../../base/json";
import { jobDefinitionName } from "../job-definitions";
import { jsonataIn } from "../query-language";
import { shortExpression } from "./jsonata-words";

/** The limit in characters. Longer words end in `…`. */
const LONGEST_WORDS = 80;

/** Formats a path, an expression or a number. */
export function valueWords(value: Json | undefined): string {
  if (value === undefined) return "?";
  if (typeof value !== "string") return shortened(stringifyJson(value));
  const expression = jsonataIn(value);
  return shortened(expression === null ? value : shortExpression(expression) || value);
}

/** Returns the value of a field that a JSONPath state may also write with the ending `.$`. */
export function fieldOf(fields: JsonObject, name: string): Json | undefined {
  return fields[name] ?? fields[`${name}.$`];
}

/**
 * Returns the name of a resource: `orders` for an ARN or the URL of a queue, `Orders` for the placeholder `${OrdersArn}`, `train` for
 * `${TrainJobDefinitionArn}`.
 */
export function shortName(value: Json | undefined): string {
  if (typeof value !== "string") return valueWords(value);
  if (jsonataIn(value) !== null) return valueWords(value).replace(/^"([^"]*)"$/, "$1");
  const [, job] = /^\$\{(\w+)JobDefinitionArn\}$/.exec(value) ?? [];
  if (job !== undefined) return job.replaceAll(/(?<=.)(?=[A-Z])/g, "-").toLowerCase();
  const plain = withoutColons(value);
  const [, ofArn] = /^arn:[^:]*:[^:]*:[^:]*:[^:]*:(?:[A-Za-z-]+[:/])?([^:/]+)/.exec(plain) ?? [];
  const [, ofQueue] = /^https:\/\/[^/]*\/[^/]*\/([^/]+)$/.exec(plain) ?? [];
  const name = ofArn ?? ofQueue ?? jobDefinitionName(value);
  return shortened(name.replace(/^(?:\$\{(\w+)\}(?::.*)?)$/, "$1").replace(/(?<=^\w+)(?:Arn|ARN|Url)$/, ""));
}

/** Shortens the placeholders of CloudFormation in an ARN: `${AWS::Region}` has colons of its own. */
function withoutColons(arn: string): string {
  return arn.replaceAll("AWS::", "");
}

/** Returns an address in S3: `s3://bucket/key`. */
export function s3Address(bucket: Json | undefined, key: Json | undefined): string {
  return key === undefined ? `s3://${shortName(bucket)}` : `s3://${shortName(bucket)}/${valueWords(key)}`;
}

/** Describes the variables that a state or a way sets: `x = $.a`, `x, y = …`; `null` if it sets none. */
export function assignWords(assign: Json | undefined): string | null {
  if (typeof assign === "string") return valueWords(assign);
  const variables = asObject(assign);
  const names = Object.keys(variables);
  if (names.length === 0) return null;
  const shown = names.map((name) => name.replace(/\.\$$/, ""));
  if (names.length === 1) return shortened(`${shown[0]} = ${valueWords(variables[names[0]!])}`);
  return shortened(`${shown.join(", ")} = …`);
}

function shortened(text: string): string {
  const characters = [...text.slice(0, 4 * LONGEST_WORDS)];
  return characters.length <= LONGEST_WORDS ? text : `${characters.slice(0, LONGEST_WORDS - 1).join("")}…`;
}
