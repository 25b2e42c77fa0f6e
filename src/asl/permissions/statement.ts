/** Statements of an IAM policy, and how they are merged. */

/** A condition of a statement. */
export interface Condition {
  readonly test: "StringEquals" | "StringLike";
  readonly variable: string;
  readonly values: readonly string[];
}

/** One statement of an IAM policy. Its effect is Allow. */
export interface Statement {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** All must hold. @default none */
  readonly conditions?: readonly Condition[];
}

export function allow(
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
  conditions: readonly Condition[] = [],
): Statement {
  return { sid, actions, resources, ...(conditions.length > 0 && { conditions }) };
}

/**
 * Merges statements that differ only in their resources, and sorts them. The order of the statements does not matter. Statements
 * with the same Sid and other conditions stay apart, with a number behind the Sid.
 */
export function mergeStatements(statements: readonly Statement[]): Statement[] {
  const groups = new Map<string, Statement[]>();
  for (const statement of statements) {
    const { sid, actions, conditions } = statement;
    const key = JSON.stringify([sid, actions, conditions]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [statement]);
    else group.push(statement);
  }
  const sorted = [...groups].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, same]) => merged(same));
  return sorted.map((statement, index) => {
    const before = sorted.slice(0, index).filter(({ sid }) => sid === statement.sid).length;
    return before === 0 ? statement : { ...statement, sid: `${statement.sid}${before + 1}` };
  });
}

/** Returns the Sid of a statement with one action: `s3:GetObject` becomes `S3GetObject`. */
export function sidOf(action: string): string {
  const words = action.split(/[^A-Za-z0-9]+/);
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

// --- internal ---

function merged(same: readonly Statement[]): Statement {
  const [first] = same as [Statement];
  const resources = [...new Set(same.flatMap((statement) => statement.resources))].sort();
  // A resource `*` makes the other ones needless.
  const needed = resources.includes("*") ? ["*"] : resources;
  return { ...first, actions: [...new Set(first.actions)].sort(), resources: needed };
}
