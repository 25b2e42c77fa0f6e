/** Finds the variables and functions that an expression of JSONata uses and Step Functions does not have. */
import { nearest } from "../../../base/suggest";
import { visible } from "../../../base/text";
import { boundNames, type Expr, ownNodes, walkNodes } from "../../jsonata-ast";
import { JSONATA_FUNCTIONS } from "./jsonata-results";
import type { Stage } from "./jsonata-uses";

/** A reference that Step Functions refuses, or that fails. */
export interface WrongReference {
  readonly mistake: string;
  readonly fix: string;
}

/**
 * Returns the references of an expression to members of `$states`, functions, operators and a context that are not there.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#reserved-variable-states
 */
export function wrongReferences(tree: Expr, text: string, stage: Stage): WrongReference[] {
  const bound = boundNames(tree);
  const found = [...walkNodes(tree)].flatMap((node) => [
    unknownMember(node, stage),
    unknownFunction(node, bound),
    newOperator(node, text),
  ]);
  const outside = [...topLevelNames(tree)].map(withoutContext);
  const all = [...found.filter((one) => one !== null), ...outside];
  return [...new Map(all.map((one) => [one.mistake, one])).values()];
}

// --- internal ---

const ALWAYS: readonly Stage[] = ["input", "item", "result", "error"];

/** The members of `$states`, with the fields that can read them. */
const MEMBERS: Readonly<Record<string, { readonly stages: readonly Stage[]; readonly where: string }>> = {
  input: { stages: ALWAYS, where: "" },
  context: { stages: ALWAYS, where: "" },
  result: { stages: ["result"], where: "in Assign and Output of a Task, Parallel or Map" },
  errorOutput: { stages: ["error"], where: "in Assign and Output of a Catch" },
};

/** The functions of JSONata that Step Functions has under another name. */
const RENAMED: ReadonlyMap<string, string> = new Map([["eval", "use $parse, which reads JSON"]]);

const FUNCTIONS = "see https://docs.jsonata.org for the functions, or define it with :=";

function unknownMember(node: Expr, stage: Stage): WrongReference | null {
  if (node.kind !== "path") return null;
  const [first, second] = node.steps;
  if (first?.kind !== "variable" || first.name !== "states" || second?.kind !== "name") return null;
  const { name } = second;
  if (!Object.hasOwn(MEMBERS, name)) {
    const meant = nearest(name, Object.keys(MEMBERS));
    const fix =
      meant === null
        ? `write $states.input.${visible(name)} for a field of the input`
        : `did you mean $states.${meant}?`;
    return { mistake: `$states.${visible(name)} does not exist`, fix };
  }
  const { stages, where } = MEMBERS[name]!;
  if (stages.includes(stage)) return null;
  const fix = stage === "error" ? "use $states.errorOutput" : "use $states.input, or a variable of an earlier state";
  return { mistake: `$states.${name} exists only ${where}`, fix };
}

function unknownFunction(node: Expr, bound: ReadonlySet<string>): WrongReference | null {
  if (node.kind !== "call" || node.procedure.kind !== "variable") return null;
  const { name } = node.procedure;
  if (name === "" || name === "$" || JSONATA_FUNCTIONS.has(name) || bound.has(name)) return null;
  const meant = nearest(
    `$${name}`,
    [...JSONATA_FUNCTIONS.keys()].map((one) => `$${one}`),
  );
  return {
    mistake: `$${visible(name)} is not a function of JSONata in Step Functions`,
    fix: RENAMED.get(name) ?? (meant === null ? FUNCTIONS : `did you mean ${meant}?`),
  };
}

/** Step Functions runs JSONata 2.0.6. Version 2.1 added two operators. @see https://github.com/jsonata-js/jsonata/releases */
function newOperator(node: Expr, text: string): WrongReference | null {
  const operator = node.kind === "condition" ? text.slice(node.end - 2, node.end) : "";
  if (operator !== "?:" && operator !== "??") return null;
  const mistake = `the operator ${operator} is not part of JSONata 2.0.6, which Step Functions runs`;
  return { mistake, fix: "write $exists(a) ? a : b" };
}

/** Returns the names that an expression reads from the context at its top level. Step Functions gives it none. */
function* topLevelNames(node: Expr): Generator<string, void, undefined> {
  switch (node.kind) {
    case "name":
      yield node.name;
      return;
    case "variable":
      if (node.name === "" || node.name === "$") yield `$${node.name}`;
      return;
    case "path":
      // Each later step reads the value before it.
      yield* topLevelNames(node.steps[0]!);
      return;
    case "sort":
    case "other":
      return;
    default:
      for (const inner of ownNodes(node)) yield* topLevelNames(inner);
  }
}

function withoutContext(name: string): WrongReference {
  if (name === "$") return { mistake: "$ has no value outside of a path or a filter", fix: "write $states.input" };
  if (name === "$$") {
    return { mistake: "Step Functions does not support $$", fix: "write $states.input or $states.context" };
  }
  if (name === "States") {
    return {
      mistake: "intrinsic functions such as States.Format are part of JSONPath only",
      fix: "use an operator or a function of JSONata, such as 'job ' & $states.input.id; see docs/language.md",
    };
  }
  const shown = visible(name);
  const isDollarMissing = name === "states" || JSONATA_FUNCTIONS.has(name);
  return {
    mistake: `${shown} is not a field of anything: an expression has no input of its own`,
    fix: isDollarMissing
      ? `did you mean $${shown}?`
      : `write $states.input.${shown} for the input, or $${shown} for a variable`,
  };
}
