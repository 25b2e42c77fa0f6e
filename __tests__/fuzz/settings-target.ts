/** Shows and uses settings of cdktf.json and of the environment. */
import fs from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { PROJECT_FOLDER } from "../../src/project/project-folder";
import { runCommand } from "./command";
import { sessionFaults } from "./properties";
import { cdktfJson, environment } from "./settings";
import { type Target, target } from "./target";

interface Case {
  readonly file: Buffer;
  readonly environment: Readonly<Record<string, string>>;
  readonly command: "settings" | "settings --json" | "check";
}

export const settings: Target = target<Case>({
  name: "settings",
  share: 13,
  seconds: 5,
  cases: fc.record<Case>({
    file: cdktfJson,
    environment,
    command: fc.constantFrom("settings", "settings --json", "check"),
  }),
  files: ({ file, environment: given, command }) => ({
    "cdktf.json": file,
    "environment.json": `${JSON.stringify(given, null, 2)}\n`,
    command: `${command}\n`,
  }),
  run: async ({ file, environment: given, command }) => {
    const session = await withFile(join(PROJECT_FOLDER, "cdktf.json"), file, () =>
      runCommand(command.split(" "), { environment: given, context: undefined }),
    );
    return sessionFaults(session, command === "settings --json" && session.code === 0 ? "json" : "text");
  },
});

/** Replaces the content of one project file for the code of this thread. */
async function withFile<T>(path: string, content: Buffer, act: () => Promise<T>): Promise<T> {
  const original = fs.readFileSync;
  const replaced = (file: fs.PathOrFileDescriptor, options?: unknown) => {
    if (file !== path) return original(file, options as BufferEncoding);
    return options === undefined || options === null ? Buffer.from(content) : content.toString("utf8");
  };
  fs.readFileSync = replaced as typeof fs.readFileSync;
  try {
    return await act();
  } finally {
    fs.readFileSync = original;
  }
}
