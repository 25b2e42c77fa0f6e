import { stringifyJson } from "../../base/json";
import type { Report } from "./collect";

/** Returns the facts as one JSON document, without the document of the workflow. */
export function toJson({ document: _, ...facts }: Report): string {
  return `${stringifyJson(facts, 2)}\n`;
}
