import type { Report } from "./collect";

/** Returns the facts as one JSON document, without the document of the workflow. */
export function toJson({ document: _, ...facts }: Report): string {
  return `${JSON.stringify(facts, null, 2)}\n`;
}
