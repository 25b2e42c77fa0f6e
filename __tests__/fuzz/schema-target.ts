/** Uses generated input schemas with the example's document and an input each. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { PROJECT_FOLDER } from "../../src/project/project-folder";
import { CONTEXT, DOCUMENT } from "../example";
import { scene } from "../src/cli/scene";
import { runCommand } from "./command";
import { inputText } from "./inputs";
import { sessionFaults } from "./properties";
import { schemaBytes, slowInput, VALID_SCHEMAS } from "./schemas";
import { type Target, target } from "./target";

interface Case {
  readonly schema: Buffer;
  readonly input: string;
  readonly command: "check" | "check --json" | "start";
  /** The schema is valid, and every object fits it. */
  readonly isValid: boolean;
}

const EXAMPLE = readFileSync(join(PROJECT_FOLDER, DOCUMENT));

export const schemas: Target = target<Case>({
  name: "schemas",
  share: 12,
  seconds: 5,
  cases: fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record<Case>({
        schema: schemaBytes,
        input: fc.oneof(inputText, slowInput),
        command: fc.constantFrom("check", "check --json", "start"),
        isValid: fc.constant(false),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record<Case>({
        schema: fc.constantFrom(...VALID_SCHEMAS).map((schema) => Buffer.from(JSON.stringify(schema))),
        input: fc.constantFrom("{}", '{"child":{"child":{}},"next":{}}'),
        command: fc.constantFrom("check --json", "start"),
        isValid: fc.constant(true),
      }),
    },
  ),
  files: ({ schema, input, command }) => ({
    "case.asl.json": EXAMPLE,
    "case.input.schema.json": schema,
    "case.input.json": input,
    command: `${command}\n`,
  }),
  run: async ({ schema, input, command, isValid }, folder) => {
    writeFileSync(join(folder, "case.asl.json"), EXAMPLE);
    writeFileSync(join(folder, "case.input.schema.json"), schema);
    writeFileSync(join(folder, "case.input.json"), input);
    const argv = command === "start" ? ["start", "--input", "-", "--detach"] : command.split(" ");
    const { session: account, calls } = scene();
    const session = await runCommand(argv, {
      context: CONTEXT,
      environment: { WORKFLOW_DOCUMENT: join(folder, "case.asl.json") },
      readStandardInput: () => input,
      loadAws: account.loadAws,
    });
    const isRefused =
      session.code === 2 || /"code": "input-schema|no JSON Schema/.test(session.stdout + session.stderr);
    return [
      ...(isValid && isRefused ? ["a valid schema is refused"] : []),
      ...sessionFaults(session, command === "check --json" ? "json" : "text"),
      ...(session.code === 2 && calls.some((call) => call.startsWith("start"))
        ? ["a run that was refused has started"]
        : []),
    ];
  },
});
