import { asJson, type Json, type JsonObject, type StatesDocument, substitute, unescapePointer } from "../document";
import { error, type Finding } from "./problem";
import type { Subject } from "./subject";

/**
 * Mistakes in the expressions of JSONata states, of which the tables here know the fields by name alone. They are asl-validator's:
 * of JSONPath states its messages ("must match exactly one schema in oneOf") tell too little, and it takes a quarter of a second.
 */
export function* findJsonataMistakes({ document, states, placeholders }: Subject): Generator<Finding, void, undefined> {
  const jsonata = states.filter((state) => state.jsonata);
  if (jsonata.length === 0) return;
  for (const place of findInvalid(document, [...placeholders.known, ...placeholders.expected])) {
    const state = jsonata.find(({ pointer }) => place.startsWith(`${pointer}/`));
    // What is wrong with a state as a whole is found by the names of its fields, and AWS takes literals that asl-validator refuses.
    if (state === undefined || !isExpression(valueAt(asJson(document), place))) continue;
    const field = place.slice(state.pointer.length + 1).replaceAll("/", ".");
    const message = `${field} begins as an expression of JSONata, and is none`;
    yield error("jsonata", place, message, "write an expression as {% … %}, see https://docs.jsonata.org");
  }
}

// --- internal ---

type Validator = (document: unknown) => {
  readonly errors: readonly { readonly schemaError?: { readonly instancePath: string } }[];
};

/** The places in a document that asl-validator refuses, as JSON pointers. */
function findInvalid(document: StatesDocument, names: readonly string[]): Set<string> {
  // Loaded where it is needed: it brings a JSONata parser of its own.
  const validate = require("asl-validator") as Validator;
  const values = Object.fromEntries(names.map((name) => [name, name.endsWith("Arn") ? PLAUSIBLE_ARN : "aws"]));
  try {
    // It writes into what it is given: into the copy that `substitute` makes.
    const { errors } = validate(substitute(asJson(document), values));
    return new Set(errors.flatMap(({ schemaError }) => schemaError?.instancePath ?? []));
  } catch {
    // It fails on data that look like states, such as a parameter of the name States.
    return new Set();
  }
}

function isExpression(value: Json | undefined): boolean {
  return typeof value === "string" && value.startsWith("{%");
}

function valueAt(document: Json, pointer: string): Json | undefined {
  return pointer
    .split("/")
    .slice(1)
    .reduce<Json | undefined>((value, segment) => (value as JsonObject)[unescapePointer(segment)], document);
}

const PLAUSIBLE_ARN = "arn:aws:batch:eu-west-1:123456789012:job-definition/name";
