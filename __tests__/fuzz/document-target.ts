/** Runs `check` and `diagram` on documents. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { CONTEXT } from "../example";
import { runCommand } from "./command";
import { type DocumentCase, documentBytes, documentCase } from "./documents";
import { mermaidFaults, sessionFaults, svgFaults } from "./properties";
import { type Target, target } from "./target";

const COMMANDS = {
  check: ["check"],
  "check --json": ["check", "--json"],
  "check --no-local": ["check", "--no-local"],
  "diagram --format mermaid": ["diagram", "--format", "mermaid"],
  "diagram --format dot": ["diagram", "--format", "dot"],
  "diagram --format svg": ["diagram", "--format", "svg"],
} as const;

const OUTPUTS = {
  check: "text",
  "check --json": "json",
  "check --no-local": "text",
  "diagram --format mermaid": "drawing",
  "diagram --format dot": "drawing",
  "diagram --format svg": "drawing",
} as const;

interface Case extends DocumentCase {
  readonly command: keyof typeof COMMANDS;
}

export const documents: Target = target<Case>({
  name: "documents",
  share: 30,
  seconds: 5,
  cases: fc
    .tuple(
      documentCase,
      fc.oneof(
        { weight: 6, arbitrary: fc.constant("check" as const) },
        { weight: 4, arbitrary: fc.constant("check --json" as const) },
        { weight: 4, arbitrary: fc.constant("check --no-local" as const) },
        { weight: 2, arbitrary: fc.constant("diagram --format mermaid" as const) },
        { weight: 1, arbitrary: fc.constant("diagram --format dot" as const) },
        { weight: 1, arbitrary: fc.constant("diagram --format svg" as const) },
      ),
    )
    .map(([one, command]) => ({ ...one, command })),
  files: (one) => ({ "case.asl.json": documentBytes(one), command: `${one.command}\n` }),
  run: async (one, folder) => {
    const path = join(folder, "case.asl.json");
    writeFileSync(path, documentBytes(one));
    const session = await runCommand(COMMANDS[one.command], {
      environment: { WORKFLOW_DOCUMENT: path },
      context: CONTEXT,
    });
    const { code, stdout } = session;
    const [edit, ...others] = one.edits;
    const unmarked = { ...one, edits: [] };
    return [
      ...(edit?.kind === "bom" && others.length === 0 && code !== (await codeOf(unmarked, path))
        ? ["a byte order mark makes a difference"]
        : []),
      ...sessionFaults(session, OUTPUTS[one.command]),
      ...(code === 0 && one.command.endsWith("svg") ? svgFaults(stdout) : []),
      ...(code === 0 && one.command.endsWith("mermaid") ? mermaidFaults(stdout) : []),
    ];
  },
});

async function codeOf(one: Case, path: string): Promise<number> {
  writeFileSync(path, documentBytes(one));
  const around = { environment: { WORKFLOW_DOCUMENT: path }, context: CONTEXT };
  return (await runCommand(COMMANDS[one.command], around)).code;
}
