import type { Report } from "./collect";

/** The facts as one JSON document; the workflow's own document is left out. */
export function toJson({ document: _, ...facts }: Report): string {
  return `${JSON.stringify(facts, null, 2)}\n`;
}
