/** The paths of JSONata expressions, as texts. */
import { type Expr, walkNodes } from "../jsonata-ast";

/** Writes a path of names after a variable. Returns `null` for anything else. */
export function writePath(node: Expr): string | null {
  if (node.kind === "variable") return `$${node.name}`;
  if (node.kind !== "path") return null;
  const [first, ...rest] = node.steps;
  if (first?.kind !== "variable" || rest.some(({ kind }) => kind !== "name")) return null;
  return `$${first.name}${rest.map((step) => (step.kind === "name" ? writeStep(step.name) : "")).join("")}`;
}

/** Writes the name of a field as a step of a path. */
export function writeStep(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? `.${name}` : `.\`${name}\``;
}

/** Returns the paths whose presence the expression tests with `$exists`. */
export function guardedPaths(tree: Expr): string[] {
  return [...walkNodes(tree)].flatMap((node) => {
    const tests = node.kind === "call" && node.procedure.kind === "variable" && node.procedure.name === "exists";
    return tests ? node.values.flatMap((value) => writePath(value) ?? []) : [];
  });
}
