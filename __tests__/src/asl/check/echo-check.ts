import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "../../../../src/asl/check/check-document";
import type { StatesDocument } from "../../../../src/asl/document";
import type { JsonObject } from "../../../../src/base/json";
import { checkInput } from "./check-input";

const EXAMPLE = join(__dirname, "../../../../scripts/demo");

export function read(path: string): StatesDocument {
  const parsed = parseDocument(readFileSync(path, "utf8"));
  if ("problems" in parsed) throw new Error(parsed.problems[0]!.message);
  return parsed.document;
}

export const ECHO = read(join(__dirname, "../../../fixtures/echo-jsonpath.asl.json"));

/** The check of the example. */
export function echoInput(document: StatesDocument, local = true) {
  const inputSchema = JSON.parse(readFileSync(join(EXAMPLE, "echo.input.schema.json"), "utf8")) as JsonObject;
  return {
    ...checkInput(document, local),
    inputSchema,
  };
}
