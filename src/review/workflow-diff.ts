/** What a plan does to the workflow: the document as it is deployed and as it will be, its states, its diagram. */

import { toMermaid } from "../asl/diagram/mermaid";
import { asJson, MAX_DEFINITION_BYTES, type StatesDocument, walkStates } from "../asl/document";
import { isObject, type Json } from "../base/json";
import { type LineDiff, lineDiff } from "./line-diff";
import { bytes } from "./markdown";
import type { Plan, ResourceChange } from "./plan";
import { isMarked, isWithin, KNOWN_AFTER_APPLY, marksOf, parsedJson, textOf } from "./values";

export interface WorkflowDiff {
  readonly address: string;
  /** Whether there is something to look at line by line: more than new references, and a document that stands already. */
  readonly isOpen: boolean;
  readonly diff: LineDiff;
  /** What stands in the document as a reference, since it is known only after the apply. */
  readonly references: readonly string[];
  /** Paths of states, such as `step2 / step2_job`. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
  /** Those of a document that was changed outside Terraform, which a deploy makes again what they were. */
  readonly putBack: readonly string[];
  /** In Mermaid, as it will be; `null` where there is nothing to draw. */
  readonly diagram: string | null;
  /** Why there is less here than there could be. */
  readonly note: string | null;
}

const STATE_MACHINE = "aws_sfn_state_machine";
const INDENT = 2;

/** A reference that the plan does not resolve. The paths of ASL have no braces behind their dollar signs. */
const REFERENCE = /\$\{((?:data\.)?\w+\.[\w.-]+)\}/g;

/** Outlines differ in their strokes, not in their colours alone. */
const HIGHLIGHTS = {
  added: "stroke:#1a7f37,stroke-width:4px",
  changed: "stroke:#bf8700,stroke-width:4px,stroke-dasharray:6 3",
};

/** The state machines whose document the plan changes, not those that go. */
export function changedStateMachines({ resources }: Plan): ResourceChange[] {
  return resources
    .filter(({ type, action }) => type === STATE_MACHINE && ["create", "update", "replace"].includes(action))
    .filter(
      ({ attributes, change }) =>
        attributes.some(({ path }) => isWithin(path, "definition")) ||
        // What is null or empty is no attribute of its own, and means something in a document.
        definition(change.before) !== definition(change.after),
    );
}

/** Several parts of a comment tell of the same document; to compare it takes a while. */
const COMPARED = new WeakMap<ResourceChange, WorkflowDiff>();

/** What happens to the document of one of them. */
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
  // A state in which nothing but a reference to something not known yet has changed is not listed as changed.
  const references = planned === undefined ? [...new Set(JSON.stringify(later).match(REFERENCE))] : [];
  const formerly = (value: Json) => withTexts(value, (text) => plan.references.formerly(text));
  const [old, now] = [states(before), states(formerly(later))];
  const left = lastApplied === undefined ? old : states(parse(definition(lastApplied), plan));
  const isSame = (name: string) => old.get(name) === now.get(name);
  const isPutBack = (name: string) => lastApplied !== undefined && left.get(name) === now.get(name);
  const different = [...new Set([...now.keys(), ...old.keys()])].filter((name) => !isSame(name));
  const meant = different.filter((name) => !isPutBack(name));
  const added = meant.filter((name) => !old.has(name));
  const changed = meant.filter((name) => old.has(name) && now.has(name));
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
    // Where states only go, or nothing but a reference changes, there is nothing to be seen in a drawing.
    diagram:
      isDocument(later) && added.length + changed.length > 0
        ? highlighted(later, before === null ? {} : { added, changed })
        : null,
    note: null,
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

/** What is not known as a whole is known but for a few references, which stand in it as they are. */
function configured(address: string, plan: Plan): string | undefined {
  const template = plan.references.template(address, "definition");
  return template === undefined ? undefined : plan.references.resolve(template);
}

/** A document that is no JSON is compared as the text that it is. */
function parse(text: string | undefined, { conceal }: Plan): Json {
  if (text === undefined) return null;
  const value = parsedJson(text);
  return value === undefined ? conceal(text) : withTexts(value, conceal);
}

/** A copy with every text and every name of a field replaced, and every number whose text is. */
function withTexts(value: Json, replace: (text: string) => string): Json {
  if (typeof value === "string") return replace(value);
  if (typeof value === "number") {
    const replaced = replace(String(value));
    return replaced === String(value) ? value : replaced;
  }
  if (Array.isArray(value)) return value.map((item) => withTexts(item, replace));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [replace(key), withTexts(item, replace)]));
}

function pretty(value: Json): string[] {
  if (value === null) return [];
  return (typeof value === "string" ? value : JSON.stringify(value, null, INDENT)).split("\n");
}

/** The path of the state that each line of a document stands in; empty outside of all. */
function statesOfLines(lines: readonly string[]): string[] {
  // Each block of states that is open: the indent of its name, and the state in it.
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

/** By path: each state without the states inside it. */
function states(document: Json): Map<string, string> {
  if (!isDocument(document)) return new Map();
  return new Map(
    [...walkStates(document)].map(({ name, state, parents }) => [
      [...parents, name].join(" / "),
      JSON.stringify(asJson(state), (key, value) => (key === "States" ? undefined : inOrder(value))),
    ]),
  );
}

function inAnyOrder(value: Json): string {
  return JSON.stringify(value, (_, inner) => inOrder(inner));
}

/** The order of fields has no meaning. */
function inOrder(value: Json): Json {
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;
}

/** The diagram's ids are the numbers of the states in the order of `walkStates`. */
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
    // A deployed document need not be one that this version can draw.
    return null;
  }
}

function isDocument(value: Json): value is Json & StatesDocument {
  return isObject(value) && isObject(value.States) && Object.values(value.States).every(isObject);
}
