import { isObject, type Json } from "../../base/json";
import { suggest } from "../../base/suggest";
import { quote } from "../../base/text";
import { asJson, innerBlocks, STATE_TYPES, type State } from "../document";
import type { Field } from "../fields";
import { checkChoiceRules, checkConditions } from "./choice-rules";
import { checkField, type FieldCheck } from "./field-rules";
import { CONSTANTS, jsonataFields } from "./jsonata-state-fields";
import { findForeignFields, foreignFields } from "./language-fields";
import { error, type Finding } from "./problem";
import { BLOCK_FIELDS, STATE_FIELDS } from "./state-fields";
import type { CheckedState, Subject } from "./subject";

/** Finds unknown fields, missing fields and wrong values in states, blocks of states and Choice rules. */
export function* findGrammarMistakes({ document, states }: Subject): Generator<Finding, void, undefined> {
  yield* checkField(
    asJson(document),
    { kind: "object", fields: BLOCK_FIELDS.document, required: ["StartAt"] },
    "",
    "",
    CHECK,
  );
  for (const location of states) {
    const { state, jsonata } = location;
    if (document.QueryLanguage === "JSONata" && state.QueryLanguage === "JSONPath") {
      const message = "QueryLanguage must not be JSONPath, because the document uses JSONata";
      yield error("query-language", `${location.pointer}/QueryLanguage`, message, WAY_TO_BOTH);
    } else if (STATE_TYPES.includes(state.Type)) {
      yield* findForeignFields(state, location.pointer, jsonata ? "JSONata" : "JSONPath");
    }
    yield* checkState(location);
    for (const { block, pointer } of innerBlocks(location.state)) {
      const field = pointer.split("/")[1] as keyof typeof BLOCK_FIELDS;
      const shape: Field = { kind: "object", fields: BLOCK_FIELDS[field], required: ["StartAt"] };
      yield* checkField(asJson(block), shape, location.pointer + pointer, "", CHECK);
    }
  }
}

/** Finds the mistakes of a state, without those of its inner blocks. */
export function* checkState({
  state,
  pointer,
  name,
  jsonata,
}: Omit<CheckedState, "parents" | "block">): Generator<Finding, void, undefined> {
  if (!STATE_TYPES.includes(state.Type)) {
    const fix =
      typeof state.Type === "string"
        ? suggest(state.Type, STATE_TYPES, "types")
        : `write one of ${STATE_TYPES.join(", ")}`;
    yield error("state-type", pointer, `Type of ${name} must be a state type, got: ${quote(state.Type)}`, fix);
    return;
  }
  const { fields, required, atMostOne = [], exactlyOne = [] } = STATE_FIELDS[state.Type];
  if (jsonata) {
    const all = jsonataFields(state.Type);
    const check = { ...CHECK, jsonata, constants: CONSTANTS };
    yield* checkField(state, { kind: "object", fields: all, required }, pointer, "", check);
  } else {
    const all = { ...foreignFields("state", state.Type, "JSONPath"), ...fields };
    yield* checkField(state, { kind: "object", fields: all, required }, pointer, "", CHECK);
  }
  yield* checkGroups(state, pointer, atMostOne, exactlyOne, jsonata);
  if (state.Type !== "Choice" || !Array.isArray(state.Choices)) return;
  yield* jsonata
    ? checkConditions(state.Choices, `${pointer}/Choices`)
    : checkChoiceRules(state.Choices, `${pointer}/Choices`, CHECK);
}

// --- internal ---

/** Fields that people often put on a state, and that belong elsewhere. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  TimeoutSeconds: "move it to a Task or to the top level of the document, the only places where AWS allows it",
  End: "remove it: only Task, Pass, Wait, Parallel and Map states have it",
  Next: "remove it: only Task, Pass, Wait, Parallel and Map states and the rules of a Choice have it",
};

const WAY_TO_BOTH =
  'write the state in JSONata, or move "QueryLanguage": "JSONata" from the document to the states that use it';

const CHECK: FieldCheck = {
  prefix: "",
  unknownField: (name) => (Object.hasOwn(ELSEWHERE, name) ? ELSEWHERE[name]! : null),
};

function* checkGroups(
  state: State,
  pointer: string,
  atMostOne: readonly (readonly string[])[],
  exactlyOne: readonly (readonly string[])[],
  jsonata: boolean,
): Generator<Finding, void, undefined> {
  for (const group of [...atMostOne, ...exactlyOne]) {
    const given = group.filter((name) => isGiven(state, name.split(".")));
    if (given.length > 1) {
      yield error(
        "conflicting-fields",
        `${pointer}/${given[1]!.replaceAll(".", "/")}`,
        `${given.join(" and ")} cannot be used together`,
        "remove all but one",
      );
    } else if (given.length === 0 && exactlyOne.includes(group)) {
      const names = group.filter((name) => !jsonata || !name.endsWith("Path")).join(" or ");
      yield error("missing-field", pointer, `${names} is missing`, `add ${names}`);
    }
  }
}

function isGiven(value: Json | undefined, names: readonly string[]): boolean {
  const [name, ...rest] = names;
  return name === undefined ? value !== undefined : isObject(value) && isGiven(value[name], rest);
}
