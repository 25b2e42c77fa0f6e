import { nearest } from "../../../base/suggest";
import { listed, visible } from "../../../base/text";
import { error, type Finding, warning } from "../problem";
import type { CheckedState, Subject } from "../subject";
import { knowledgeOf, scopesOf, type VariableScope, type WaysCache } from "./variable-scopes";
import { type VariableUse, variableUses } from "./variable-uses";

/**
 * Finds variables that are read and not assigned, assigned in a scope that must not, or badly named.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
 */
export function* findVariableMistakes({ states }: Subject): Generator<Finding, void, undefined> {
  const scopes = scopesOf(states);
  const cache: WaysCache = new Map();
  yield* findBadAssignments(new Set(scopes.values()), cache);
  const uses = states.flatMap((state) => variableUses(state).map((use) => ({ use, state })));
  if (uses.length > MOST_USES) return;
  const names = new Set([...scopes.values()].flatMap(({ assigned }) => [...assigned.keys()]));
  // A document that tests a variable anywhere expects that it can be missing.
  const tested = new Set(uses.filter(({ use }) => use.tested).map(({ use }) => use.name));
  for (const { use, state } of uses) {
    if (use.tested || (use.isFunction && !names.has(use.name))) continue;
    const scope = scopes.get(state.pointer)!;
    const known = knowledgeOf(use.name, state.name, scope, cache);
    if (known.kind === "sometimes" && !tested.has(use.name)) yield sometimes(use, state);
    if (known.kind === "later") yield later(use, scope);
    if (known.kind === "hidden") yield hidden(use, known.map);
    if (known.kind === "never") yield never(use, state, names, scopes);
  }
}

// --- internal ---

/** A document with more uses would take minutes. */
const MOST_USES = 20_000;

/** @see https://www.unicode.org/reports/tr31/ */
const NAME = /^\p{ID_Start}\p{ID_Continue}*$/u;
const LONGEST_NAME = 80;

function* findBadAssignments(scopes: Iterable<VariableScope>, cache: WaysCache): Generator<Finding, void, undefined> {
  for (const { assigned, around } of scopes) {
    for (const [name, places] of assigned) {
      const problem = nameProblem(name);
      const outer = problem === null ? ownerOf(name, around, cache) : null;
      for (const { state, assignment } of places) {
        const place = state.pointer + assignment.pointer;
        if (problem !== null) {
          yield error("variable-name", place, `Assign: ${problem.message}`, problem.fix);
        } else if (outer !== null) {
          const message = `Assign: $${visible(name)} is assigned before ${visible(outer.name)} too; a variable inside must have another name`;
          yield error("variable-scope", place, message, "rename one of the two");
        }
      }
    }
  }
}

/**
 * Returns the state around a scope before which the variable is assigned already; `null` if there is none. AWS was recorded to
 * take the same name for a variable that is assigned only later, in the Catch of the state around.
 */
function ownerOf(name: string, around: VariableScope["around"], cache: WaysCache): CheckedState | null {
  if (around === null) return null;
  const { state, scope } = around;
  if (!scope.assigned.has(name)) return ownerOf(name, scope.around, cache);
  const { kind } = knowledgeOf(name, state.name, scope, cache);
  return kind === "assigned" || kind === "sometimes" ? state : null;
}

function nameProblem(name: string): { message: string; fix: string } | null {
  const shown = visible(name);
  if (name === "states") return { message: "the name states is reserved", fix: "use another name" };
  if (name.endsWith(".$")) {
    return {
      message: `${shown} ends in .$, which JSONata does not have`,
      fix: `write "${shown.slice(0, -2)}": "{% … %}"`,
    };
  }
  const [, variable] = /^([^.[]+)[.[]/.exec(name) ?? [];
  if (variable !== undefined && NAME.test(variable)) {
    const message = `${shown} is a part of a variable, which cannot be assigned alone`;
    return { message, fix: `assign ${variable} as a whole` };
  }
  if (!NAME.test(name)) {
    const message = `${shown === "" ? "an empty text" : shown} is not the name of a variable`;
    return { message, fix: "begin with a letter, and use letters, digits and _ only" };
  }
  const { length } = [...name];
  if (length <= LONGEST_NAME) return null;
  return {
    message: `the name of a variable must have at most ${LONGEST_NAME} characters, got: ${length}`,
    fix: "shorten it",
  };
}

function sometimes({ name, pointer }: VariableUse, { jsonata }: CheckedState): Finding {
  const test = jsonata ? `test it with $exists($${visible(name)})` : "test it with IsPresent in a Choice";
  const message = `$${visible(name)} is not assigned on every way to this state`;
  return warning("variable-unassigned", pointer, message, `assign it on the other ways too, or ${test}`);
}

function later({ name, pointer }: VariableUse, scope: VariableScope): Finding {
  const by = listed([...new Set(scope.assigned.get(name)?.map(({ state }) => state.name))]);
  const where = by === "" ? "" : `, only by ${visible(by)}`;
  const message = `$${visible(name)} is not assigned before this state${where}`;
  return error(
    "variable-unassigned",
    pointer,
    message,
    "assign it in a state before; a state does not see what it assigns itself",
  );
}

function hidden({ name, pointer }: VariableUse, map: CheckedState): Finding {
  const message = `$${visible(name)} is assigned outside of ${visible(map.name)}; the items of a distributed Map do not see it`;
  return error("variable-scope", pointer, message, `pass it to the items in the ItemSelector of ${visible(map.name)}`);
}

function never(
  use: VariableUse,
  { jsonata }: CheckedState,
  names: ReadonlySet<string>,
  scopes: ReadonlyMap<string, VariableScope>,
): Finding {
  const name = visible(use.name);
  const inside = [...new Set(scopes.values())].find(({ assigned }) => assigned.has(use.name))?.around;
  if (inside) {
    const message = `$${name} is assigned only inside ${visible(inside.state.name)}, and not seen outside of it`;
    const fix = `return it as a part of the output of ${visible(inside.state.name)}, and assign it there`;
    // AWS was recorded to accept it, and to run the other ways of the document.
    return warning("variable-scope", use.pointer, message, fix);
  }
  if (use.name === "states" && !jsonata) {
    const fix = 'write a path such as $.name, or add "QueryLanguage": "JSONata" to the state';
    return error(
      "variable-unassigned",
      use.pointer,
      "$states exists only in JSONata, but this state uses JSONPath",
      fix,
    );
  }
  const meant = nearest(use.name, jsonata ? [...names, "states"] : names);
  const otherwise = jsonata
    ? `write $states.input.${name} for the input, or assign it in an earlier state`
    : `did you mean $.${name}?`;
  const fix = meant === null ? otherwise : `did you mean $${visible(meant)}?`;
  return error("variable-unassigned", use.pointer, `no state assigns a variable $${name}`, fix);
}
