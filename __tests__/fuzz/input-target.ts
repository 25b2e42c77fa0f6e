/** Checks inputs against the example's schema, as `start` does before it calls AWS. */
import fc from "fast-check";
import { CONTEXT } from "../example";
import { scene } from "../src/cli/scene";
import { runCommand } from "./command";
import { inputBytes } from "./inputs";
import { sessionFaults } from "./properties";
import { type Target, target } from "./target";

interface Case {
  readonly input: Buffer;
  readonly flags: readonly string[];
}

export const inputs: Target = target<Case>({
  name: "inputs",
  share: 10,
  seconds: 5,
  cases: fc.record<Case>({
    input: inputBytes,
    flags: fc.constantFrom([], ["--json"], ["--no-validate"], ["--quiet"]),
  }),
  files: ({ input, flags }) => ({
    "case.input.json": input,
    command: `start --input case.input.json ${flags.join(" ")}\n`,
  }),
  run: async ({ input, flags }) => {
    const { session: account, calls } = scene();
    const session = await runCommand(["start", "--input", "-", "--detach", ...flags], {
      context: CONTEXT,
      readStandardInput: () => input.toString("utf8"),
      loadAws: account.loadAws,
    });
    return [
      ...sessionFaults(session, flags.includes("--json") && session.code === 0 ? "json" : "text"),
      ...(session.code === 2 && calls.some((call) => call.startsWith("start"))
        ? ["a run that was refused has started"]
        : []),
    ];
  },
});
