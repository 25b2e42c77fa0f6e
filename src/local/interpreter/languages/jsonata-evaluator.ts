/**
 * Evaluates JSONata expressions as Step Functions does.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
import type { Expression } from "jsonata";
import type { Clock } from "../../../base/clock";
import type { Json, JsonObject } from "../../../base/json";
import { holdsExact } from "../payload-size";
import { StatesError } from "../states-error";
import { EXACT_FUNCTIONS, makesExact, nodesOf, withExactNumbers } from "./exact-jsonata";
import { type JoinedTexts, joinedTextsOf, joinTexts } from "./joined-texts";
import { type Chance, stepFunctionsFunctions } from "./jsonata-functions";
import { LimitedRegExp } from "./limited-reg-exp";
import { type ExpressionNode, extractPlainPaths, NOT_PLAIN, type PlainPath, plainPathOf, valueAt } from "./plain-path";

/**
 * Returns the value of an expression. `field` is its place in the state, such as `Output/result`; `bindings` are the variables.
 *
 * @throws StatesError `States.QueryEvaluationError` in AWS's words
 */
export type Evaluate = (expression: string, field: string, bindings: JsonObject) => Json | Promise<Json>;

/** Returns an error of an expression. */
export function queryError(cause: string): StatesError {
  return new StatesError("States.QueryEvaluationError", cause);
}

/** Returns a function that evaluates expressions. Each is compiled once, and has its own time. */
export function jsonataEvaluator(clock: Pick<Clock, "now">, chance: Chance): Evaluate {
  const compiled = new Map<string, Compiled>();
  const oneByOne = queue();
  let functions: Promise<Record<string, unknown>> | null = null;
  const compileOnce = (expression: string): Compiled => {
    const parsed = compile(expression);
    const tree = parsed.ast();
    const made: Compiled = {
      parsed,
      path: plainPathOf(tree as ExpressionNode),
      texts: joinedTextsOf(tree as ExpressionNode),
      makesExact: makesExact(expression, tree),
      quick: parsed,
      paths: new Map(),
      hasFunctions: false,
    };
    if (made.path === null) {
      const quick = compile(expression);
      const paths = extractPlainPaths(nodesOf(quick.ast()));
      if (paths.size > 0) Object.assign(made, { quick, paths });
    }
    compiled.set(expression, made);
    return made;
  };
  const giveFunctions = async (made: Compiled): Promise<void> => {
    functions ??= stepFunctionsFunctions(compile, clock, chance);
    for (const expression of new Set([made.parsed, made.quick])) assign(expression, await functions);
    made.hasFunctions = true;
  };
  const run = (made: Compiled, bindings: JsonObject): Promise<unknown> => {
    const values: JsonObject = { ...bindings };
    for (const [name, path] of made.paths) {
      const value = valueAt(path, bindings);
      if (value === NOT_PLAIN) return made.parsed.evaluate(undefined, bindings);
      if (value !== undefined) values[name] = value;
    }
    return made.quick.evaluate(undefined, values);
  };
  const compileExact = async (expression: string, made: Compiled): Promise<Expression> => {
    made.exact = compile(expression);
    withExactNumbers(expression, made.exact.ast());
    assign(made.exact, { ...(await functions), ...EXACT_FUNCTIONS });
    return made.exact;
  };
  const evaluate = async (expression: string, made: Compiled, subject: string, bindings: JsonObject): Promise<Json> => {
    let value: unknown;
    try {
      if (!made.hasFunctions) await giveFunctions(made);
      const isExact = made.makesExact || holdsExact(bindings);
      value = isExact
        ? await (made.exact ?? (await compileExact(expression, made))).evaluate(undefined, bindings)
        : await run(made, bindings);
    } catch (failure) {
      throw thrown(subject, failure);
    }
    if (value === undefined) throw nothing(subject);
    const json = toJson(value);
    if (json === undefined) throw queryError(`${subject} returned an unsupported result type.`);
    return json;
  };
  return (expression, field, bindings) => {
    const subject = `The JSONata expression '${expression}' specified for the field '${field}'`;
    let made = compiled.get(expression);
    try {
      // At once: an item of a Map must not overtake the one before it.
      made ??= compileOnce(expression);
    } catch (failure) {
      return Promise.reject(thrown(subject, failure));
    }
    const value = quickValue(made, bindings);
    if (value === undefined) throw nothing(subject);
    if (value !== NOT_PLAIN) return value;
    return oneByOne(() => evaluate(expression, made, subject, bindings));
  };
}

// --- internal ---

/** Returns a function that runs work when no other work of the queue runs. */
function queue(): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let isBusy = false;
  return async (work) => {
    if (isBusy) await new Promise<void>((resolve) => waiting.push(resolve));
    isBusy = true;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) isBusy = false;
      else next();
    }
  };
}

interface Compiled {
  readonly parsed: Expression;
  readonly path: PlainPath | null;
  readonly texts: JoinedTexts | null;
  /** The expression with variables in place of its plain paths. */
  readonly quick: Expression;
  readonly paths: ReadonlyMap<string, PlainPath>;
  /** True if it can have an exact number that is not in its data. */
  readonly makesExact: boolean;
  /** True if the functions of Step Functions are assigned to it. */
  hasFunctions: boolean;
  /** The expression for data with exact numbers. It is slower. */
  exact?: Expression;
}

/** Returns the value of an expression that does not need the library. */
function quickValue({ path, texts }: Compiled, bindings: JsonObject): Json | undefined | typeof NOT_PLAIN {
  if (path !== null) return valueAt(path, bindings);
  return texts === null ? NOT_PLAIN : joinTexts(texts, bindings);
}

function assign(expression: Expression, values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) expression.assign(name, value);
}

function thrown(subject: string, failure: unknown): StatesError {
  return queryError(`${subject} threw an error during evaluation. ${describe(failure)}`);
}

function nothing(subject: string): StatesError {
  return queryError(`${subject} returned nothing (undefined).`);
}

/** An expression that needs more has a loop without an end. AWS does not publish its limits. */
const LIMITS = { timeout: 5000, stack: 500, sequence: 1_000_000 };

function compile(expression: string): Expression {
  // Loaded on demand: most documents of older workflows have no JSONata.
  const jsonata = require("jsonata") as typeof import("jsonata");
  return jsonata(expression, { ...LIMITS, RegexEngine: LimitedRegExp as unknown as RegExpConstructor });
}

function describe(failure: unknown): string {
  if (failure instanceof RangeError) return "The expression is nested too deeply";
  const { code, message } = failure as { code?: string; message?: string };
  return [code, message].filter((part) => part !== undefined).join(": ");
}

/** Returns a value of the library as JSON; `undefined` if it is, or contains, a function. */
function toJson(value: unknown): Json | undefined {
  if (typeof value === "function" || (typeof value === "number" && !Number.isFinite(value))) return undefined;
  if (Array.isArray(value)) {
    const items = value.map(toJson);
    return items.includes(undefined) ? undefined : (items as Json[]);
  }
  if (value === null || typeof value !== "object" || !isPlain(value)) return value as Json;
  if ("_jsonata_lambda" in value || "_jsonata_function" in value) return undefined;
  const entries: [string, Json][] = [];
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const json = toJson(item);
    if (json === undefined) return undefined;
    entries.push([key, json]);
  }
  return Object.fromEntries(entries);
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === null;
}
