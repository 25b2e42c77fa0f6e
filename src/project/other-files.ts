/** Recognizes the files that people give instead of a document: templates, descriptions of state machines, YAML. */
import { basename } from "node:path";
import { UsageError } from "../base/errors";
import { asObject, isObject, type JsonObject } from "../base/json";
import { readJson } from "../base/read-json";
import { listed } from "../base/text";
import type { NamedFile } from "./companion-files";

/** @throws UsageError for a file of another kind. It says what the file is, and where the document is. */
export function refuseOtherFile(text: string, { path, name }: NamedFile): void {
  const other = /\.ya?ml$/i.test(path) ? yamlFile(text) : jsonFile(text, basename(path));
  if (other === null) return;
  throw new UsageError(`${name} is ${other.found}, not a document in Amazon States Language; ${other.fix}`);
}

// --- internal ---

interface OtherFile {
  /** The kind of the file, with its article. */
  readonly found: string;
  readonly fix: string;
}

function yamlFile(text: string): OtherFile {
  const isTemplate = /^(?:AWSTemplateFormatVersion|Transform|Resources):/m.test(text);
  return isTemplate
    ? { found: "a CloudFormation template in YAML", fix: OF_TEMPLATE }
    : { found: "a file in YAML", fix: "convert it to JSON, for example with `yq -o=json`" };
}

function jsonFile(text: string, name: string): OtherFile | null {
  const read = readJson(text);
  if ("mistakes" in read || !isObject(read.value) || read.value.States !== undefined) return null;
  const { AWSTemplateFormatVersion, Resources, definition, cases, mocks } = read.value;
  const resources = resourcesOf(asObject(Resources));
  if (AWSTemplateFormatVersion !== undefined || resources.length > 0) {
    const machines = resources.filter(({ type }) => STATE_MACHINE.test(type)).map(describeStateMachine);
    const held = machines.length === 0 ? "without a state machine" : `with ${listed(machines, MOST_NAMES)}`;
    return { found: `a CloudFormation template ${held}`, fix: OF_TEMPLATE };
  }
  if (Array.isArray(cases)) return { found: "a file of tests", fix: "give the document that it tests" };
  if (isObject(mocks)) return { found: "a file of mocks", fix: `give the document, and \`--mock ${name}\`` };
  if (typeof definition === "string") {
    return {
      found: "a description of a state machine",
      fix: `take the document out of it: \`jq -r .definition ${name}\``,
    };
  }
  return null;
}

const OF_TEMPLATE = "give the file that its DefinitionUri names, or copy its Definition into a file";
const STATE_MACHINE = /^AWS::(?:Serverless|StepFunctions)::StateMachine$/;
const MOST_NAMES = 3;

/** A resource of a CloudFormation template. */
interface Resource {
  readonly name: string;
  readonly type: string;
  readonly properties: JsonObject;
}

function resourcesOf(resources: JsonObject): Resource[] {
  return Object.entries(resources).flatMap(([name, resource]) => {
    const { Type, Properties } = asObject(resource);
    return typeof Type === "string" && Type.includes("::")
      ? [{ name, type: Type, properties: asObject(Properties) }]
      : [];
  });
}

/** Returns the name of a state machine and the field of its definition: `Orders (DefinitionUri orders.asl.json)`. */
function describeStateMachine({ name, properties }: Resource): string {
  const { DefinitionUri } = properties;
  if (typeof DefinitionUri === "string") return `${name} (DefinitionUri ${DefinitionUri})`;
  const field = ["Definition", "DefinitionString", "DefinitionUri", "DefinitionS3Location"].find(
    (one) => properties[one] !== undefined,
  );
  return field === undefined ? name : `${name} (${field})`;
}
