/** Schemas of inputs beside the example's document, with an input each. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { PROJECT_FOLDER } from "../../settings";
import { scene } from "../commands/scene";
import { CONTEXT, DOCUMENT } from "../example/example";
import { runCommand } from "./command";
import { inputText } from "./inputs";
import { sessionFaults } from "./properties";
import { schemaBytes, slowInput } from "./schemas";
import { type Target, target } from "./target";

interface Case {
  readonly schema: Buffer;
  readonly input: string;
  readonly command: "check" | "check --json" | "start";
}

const EXAMPLE = readFileSync(join(PROJECT_FOLDER, DOCUMENT));

export const schemas: Target = target<Case>({
  name: "schemas",
  share: 12,
  seconds: 5,
  cases: fc.record<Case>({
    schema: schemaBytes,
    input: fc.oneof(inputText, slowInput),
    command: fc.constantFrom("check", "check --json", "start"),
  }),
  files: ({ schema, input, command }) => ({
    "case.asl.json": EXAMPLE,
    "case.input.schema.json": schema,
    "case.input.json": input,
    command: `${command}\n`,
  }),
  run: async ({ schema, input, command }, folder) => {
    writeFileSync(join(folder, "case.asl.json"), EXAMPLE);
    writeFileSync(join(folder, "case.input.schema.json"), schema);
    writeFileSync(join(folder, "case.input.json"), input);
    const argv = command === "start" ? ["start", "--input", "-", "--detach"] : command.split(" ");
    const { surroundings, calls } = scene();
    const session = await runCommand(argv, {
      context: CONTEXT,
      environment: { WORKFLOW_DOCUMENT: join(folder, "case.asl.json") },
      readStandardInput: () => input,
      loadAws: surroundings.loadAws,
    });
    return [
      ...sessionFaults(session, command === "check --json" ? "json" : "text"),
      ...(session.code === 2 && calls.some((call) => call.startsWith("start"))
        ? ["a run that was refused has started"]
        : []),
    ];
  },
});
