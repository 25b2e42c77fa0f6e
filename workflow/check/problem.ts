/** Something wrong with a document, its place and the way out. */
export interface Problem {
  readonly severity: "error" | "warning";
  /** Stable code in kebab case. */
  readonly rule: string;
  /** The names of the states around it and its own, such as `step2/step2_job`; `null` for the document as a whole. */
  readonly state: string | null;
  /** JSON pointer into the document; what is missing has the pointer of what it is missing in. */
  readonly pointer: string;
  readonly message: string;
  readonly fix: string;
}

/** What a rule finds: `check` adds the state, which the pointer tells. */
export type Finding = Omit<Problem, "state">;

/** A finding that makes the document unfit for deployment. */
export function error(rule: string, pointer: string, message: string, fix: string): Finding {
  return { severity: "error", rule, pointer, message, fix };
}

/** A finding that a user may know better about. */
export function warning(rule: string, pointer: string, message: string, fix: string): Finding {
  return { severity: "warning", rule, pointer, message, fix };
}

/** The candidate that a misspelt name most likely means; `null` where none is near. */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  let best: { candidate: string; distance: number } | null = null;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < (best?.distance ?? 1 + candidate.length / 3)) best = { candidate, distance };
  }
  return best?.candidate ?? null;
}

/** A fix for a name that is none of the candidates: the nearest, or all of them. */
export function suggest(name: string, candidates: Iterable<string>, kind: string): string {
  const all = [...candidates];
  const meant = nearest(name, all);
  if (meant !== null) return `did you mean ${meant}?`;
  return all.length > 0 ? `known ${kind} are ${all.join(", ")}` : `there are no ${kind} here`;
}

/** A value as a message shows it: `the number 3`, `a list`, `"text"`. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (value !== null && typeof value === "object") return "an object";
  if (typeof value !== "string") return value === null ? "null" : `the ${typeof value} ${String(value)}`;
  return JSON.stringify(value.length > SHOWN_LENGTH ? `${value.slice(0, SHOWN_LENGTH)}…` : value);
}

// --- internal ---

const SHOWN_LENGTH = 60;

/** Levenshtein's distance, where two neighbours that changed places count as one mistake. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          rows[i - 1]![j]! + 1,
          row[j - 1]! + 1,
          rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1),
          swapped ? rows[i - 2]![j - 2]! + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
