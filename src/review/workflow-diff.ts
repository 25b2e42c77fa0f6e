/** The change of the workflow in a plan: its document, its states and its diagram. */

import { toMermaid } from "../asl/diagram/mermaid";
import { asJson, MAX_DEFINITION_BYTES, type StatesDocument, walkStates } from "../asl/document";
import { isNumber } from "../base/exact-number";
import { isObject, type Json, stringifyJson } from "../base/json";
import { type LineDiff, lineDiff } from "./line-diff";
import { bytes } from "./markdown";
import type { Plan, ResourceChange } from "./plan";
import { isMarked, isWithin, KNOWN_AFTER_APPLY, marksOf, parsedJson, textOf } from "./values";

export interface WorkflowDiff {
  readonly address: string;
  /** True if a reviewer must read the lines: the document exists already, and more than references changes. */
  readonly isOpen: boolean;
  readonly diff: LineDiff;
  /** References in the document whose values only the apply reveals. */
  readonly references: readonly string[];
  /** Paths of states, such as `step2 / step2_job`. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
  /** States that were changed outside Terraform, and that a deploy restores. */
  readonly putBack: readonly string[];
  /** The new document in Mermaid; `null` if there is nothing to draw. */
  readonly diagram: string | null;
  /** Reason why something is missing here; `null` if nothing is. */
  readonly note: string | null;
}

const STATE_MACHINE = "aws_sfn_state_machine";
const INDENT = 2;

/** A reference that the plan does not resolve. In the paths of ASL, no brace follows a dollar sign. */
const REFERENCE = /\$\{((?:data\.)?\w+\.[\w.-]+)\}/g;

/** Outlines differ in their strokes, not only in their colours. */
const HIGHLIGHTS = {
  added: "stroke:#1a7f37,stroke-width:4px",
  changed: "stroke:#bf8700,stroke-width:4px,stroke-dasharray:6 3",
};

/** Returns the state machines that get a new or changed document. */
export function changedStateMachines({ resources }: Plan): ResourceChange[] {
  return resources
    .filter(({ type, action }) => type === STATE_MACHINE && ["create", "update", "replace"].includes(action))
    .filter(
      ({ attributes, change }) =>
        attributes.some(({ path }) => isWithin(path, "definition")) ||
        // Null and empty values are not listed as attributes, but they have a meaning in a document.
        definition(change.before) !== definition(change.after),
    );
}

/** Several parts of a comment need the same comparison, which takes a while. */
const COMPARED = new WeakMap<ResourceChange, WorkflowDiff>();

/** Compares the deployed and the planned document of a state machine. */
export function workflowDiff(resource: ResourceChange, plan: Plan): WorkflowDiff {
  const known = COMPARED.get(resource);
  if (known !== undefined) return known;
  const compared = compare(resource, plan);
  COMPARED.set(resource, compared);
  return compared;
}

// --- internal ---

function compare(resource: ResourceChange, plan: Plan): WorkflowDiff {
  const { change, action, lastApplied, isRecreated } = resource;
  const address = plan.conceal(resource.address);
  if ([change.before_sensitive, change.after_sensitive].some((marks) => isMarked(marksOf(marks, "definition")))) {
    return nothing(resource, "The document is marked as sensitive, so it is not shown.", plan);
  }
  const deployed = definition(change.before);
  const planned = definition(change.after);
  const after = planned ?? configured(resource.address, plan);
  if (after === undefined) return nothing(resource, `The document is ${KNOWN_AFTER_APPLY}.`, plan);
  if ([deployed ?? "", after].some((text) => bytes(text) > MAX_DEFINITION_BYTES)) {
    return nothing(
      resource,
      "A document is larger than 1 MiB, which Step Functions does not take: it is not compared.",
      plan,
    );
  }
  const [before, later] = [parse(deployed, plan), parse(after, plan)];
  // A state counts as unchanged if only a reference whose value is not known yet has changed.
  const references = planned === undefined ? [...new Set(stringifyJson(later).match(REFERENCE))] : [];
  const formerly = (value: Json) => withTexts(value, (text) => plan.references.formerly(text));
  const [old, now] = [states(before), states(formerly(later))];
  const left = lastApplied === undefined ? old : states(parse(definition(lastApplied), plan));
  const isSame = (name: string) => old.get(name) === now.get(name);
  const isPutBack = (name: string) => lastApplied !== undefined && left.get(name) === now.get(name);
  const different = [...new Set([...now.keys(), ...old.keys()])].filter((name) => !isSame(name));
  const meant = different.filter((name) => !isPutBack(name));
  const added = meant.filter((name) => !old.has(name));
  const changed = meant.filter((name) => old.has(name) && now.has(name));
  const isLayout = deployed !== undefined && deployed !== after && inAnyOrder(before) === inAnyOrder(later);
  return {
    address,
    isOpen: (action !== "create" || isRecreated) && inAnyOrder(before) !== inAnyOrder(formerly(later)),
    diff: lineDiff(pretty(before), pretty(later), {
      sectionsOf: statesOfLines,
      countedAs: pretty(formerly(later)),
    }),
    references,
    added,
    removed: meant.filter((name) => !now.has(name)),
    changed,
    putBack: different.filter(isPutBack),
    // A diagram shows nothing new if states are only removed, or if only a reference changes.
    diagram:
      isDocument(later) && added.length + changed.length > 0
        ? highlighted(later, before === null ? {} : { added, changed })
        : null,
    note: isLayout ? "Only the layout of the document changes: white space, or the order of fields." : null,
  };
}

function nothing({ address }: ResourceChange, note: string, { conceal }: Plan): WorkflowDiff {
  return {
    address: conceal(address),
    isOpen: true,
    diff: { lines: [], added: 0, removed: 0 },
    references: [],
    added: [],
    removed: [],
    changed: [],
    putBack: [],
    diagram: null,
    note,
  };
}

function definition(values: Json | undefined): string | undefined {
  return textOf(values, "definition");
}

/** Returns the configured document, in which references stay whose values are not known yet. */
function configured(address: string, plan: Plan): string | undefined {
  const template = plan.references.template(address, "definition");
  return template === undefined ? undefined : plan.references.resolve(template);
}

/** Parses a document. A document that is no JSON is compared as a text. */
function parse(text: string | undefined, { conceal }: Plan): Json {
  if (text === undefined) return null;
  const value = parsedJson(text);
  return value === undefined ? conceal(text) : withTexts(value, conceal);
}

/** Returns a copy with every text and every field name replaced. A number is replaced if its text is. */
function withTexts(value: Json, replace: (text: string) => string): Json {
  if (typeof value === "string") return replace(value);
  if (isNumber(value)) {
    const replaced = replace(String(value));
    return replaced === String(value) ? value : replaced;
  }
  if (Array.isArray(value)) return value.map((item) => withTexts(item, replace));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [replace(key), withTexts(item, replace)]));
}

function pretty(value: Json): string[] {
  if (value === null) return [];
  return (typeof value === "string" ? value : stringifyJson(value, INDENT)).split("\n");
}

/** Returns for each line of a document the path of the state that it is in; empty outside of all states. */
function statesOfLines(lines: readonly string[]): string[] {
  // The open blocks of states, each with the indent of its name and the current state.
  const blocks: { readonly indent: number; state: string }[] = [];
  return lines.map((line) => {
    const indent = line.search(/\S|$/);
    const [, name] = /^ *"((?:[^"\\]|\\.)*)": \{$/.exec(line) ?? [];
    const block = blocks.at(-1);
    if (name !== undefined && indent === (block?.indent ?? Number.NaN) + INDENT) block!.state = name;
    else if (name === "States") blocks.push({ indent, state: "" });
    else if (indent === block?.indent) blocks.pop();
    return blocks.flatMap(({ state }) => (state === "" ? [] : [state])).join(" / ");
  });
}

/** Returns each state by its path, without the states inside it. */
function states(document: Json): Map<string, string> {
  if (!isDocument(document)) return new Map();
  return new Map(
    [...walkStates(document)].map(({ name, state, parents }) => [
      [...parents, name].join(" / "),
      inAnyOrder(asJson(state), "States"),
    ]),
  );
}

/** Returns a value as a text in which the order of fields has no meaning. Leaves out the fields of one name. */
function inAnyOrder(value: Json, leftOut?: string): string {
  if (Array.isArray(value)) return `[${value.map((item) => inAnyOrder(item, leftOut))}]`;
  if (!isObject(value)) return stringifyJson(value);
  const names = Object.keys(value).filter((name) => name !== leftOut);
  return `{${names.sort().map((name) => `${JSON.stringify(name)}:${inAnyOrder(value[name]!, leftOut)}`)}}`;
}

/** Draws a document and highlights states. The ids of the diagram number the states in the order of `walkStates`. */
function highlighted(
  document: StatesDocument,
  marks: { readonly added?: readonly string[]; readonly changed?: readonly string[] },
): string | null {
  const paths = [...walkStates(document)].map(({ name, parents }) => [...parents, name].join(" / "));
  const classes = (["added", "changed"] as const).flatMap((mark) => {
    const marked = new Set(marks[mark]);
    const ids = paths.flatMap((path, index) => (marked.has(path) ? [`s${index}`] : []));
    return ids.length === 0 ? [] : [`  classDef ${mark} ${HIGHLIGHTS[mark]}`, `  class ${ids} ${mark}`];
  });
  try {
    return [toMermaid(document).trimEnd(), ...classes].join("\n");
  } catch {
    // This version cannot draw every deployed document.
    return null;
  }
}

function isDocument(value: Json): value is Json & StatesDocument {
  return isObject(value) && isObject(value.States) && Object.values(value.States).every(isObject);
}
