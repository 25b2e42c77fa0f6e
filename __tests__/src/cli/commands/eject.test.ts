import { run } from "../../../../src/cli/program";
import { recordSession } from "../../../terminal";

test.each<[string, string[], NodeJS.ProcessEnv, RegExp]>([
  ["wrong settings", ["image"], { WORKFLOW_MAX_VCPUS: "none" }, /^`maxVcpus` must be .*\n$/],
  ["an unknown option", ["--hcl"], {}, /^error: unknown option '--hcl'\n/],
  ["two folders", ["a", "b"], {}, /^error: too many arguments for 'eject'\./],
])("%s end the command with 2 and a message", async (_, args, environment, message) => {
  const { session, output } = recordSession({ environment });
  expect(await run(["eject", ...args], session)).toBe(2);
  expect(output.stderr).toMatch(message);
});
