/** Runs the app, which writes the stacks, and reads them. */
import { readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { type ChildOptions, runChild } from "../base/children";
import { FileError, UsageError } from "../base/errors";
import { readLines } from "../base/log-lines";
import { writingTo } from "../base/output-file";
import { PROJECT_FOLDER } from "../project/project-folder";
import type { Settings } from "../project/settings-types";

/** Arguments of Node.js that start the app. cdktf.json has the same ones. */
export const APP: readonly string[] = ["-r", "./bin/register.js", "main.ts"];

/** The folder of the stacks, relative to the project. */
export const STACKS_FOLDER = join("cdktf.out", "stacks");

/** The exit code of an app that refuses its settings or the document. Any other failure ends with 1. */
const REFUSED = 2;
/** The last lines of the app's error output are kept. */
const KEPT_LINES = 200;

/** A stack as it was synthesized. */
export interface SynthesizedStack {
  readonly name: string;
  /** Names of the stacks that are deployed before it. */
  readonly dependencies: readonly string[];
}

/** Settings other than those of cdktf.json, and an existing folder for their stacks. */
export interface Apart {
  readonly settings: Settings;
  readonly folder: string;
}

/**
 * Synthesizes the app in a process of its own. A fork is slower when the forking process uses more memory, and CDKTF uses much.
 *
 * @throws UsageError with the app's own message if it refuses something; FileError if it cannot do its work, or `signal` has
 * stopped it
 */
export async function synthesizeStacks(
  environment: NodeJS.ProcessEnv,
  signal?: AbortSignal,
  apart?: Apart,
): Promise<void> {
  const lines: string[] = [];
  const read: ChildOptions["read"] = ({ stdout, stderr }) => {
    stdout.resume();
    readLines(stderr, (line) => {
      if (lines.push(line) > KEPT_LINES) lines.shift();
    });
  };
  const env = apart === undefined ? environment : { ...environment, CDKTF_OUTDIR: apart.folder };
  const args = apart === undefined ? APP : [...APP, saveSettings(apart)];
  const code = await runChild(process.execPath, args, { cwd: PROJECT_FOLDER, env, signal, read });
  if (code === 0) return;
  const killer = Object.entries(constants.signals).find(([, number]) => code === 128 + number)?.[0];
  const why = lines.join("\n").trim() || (killer === undefined ? `exit code ${code}` : `${killer} ended the process`);
  throw new (code === REFUSED ? UsageError : FileError)(`the stacks cannot be synthesized:\n${why}`);
}

/** Reads the settings that `synthesizeStacks` has saved for the app. */
export function savedSettings(file: string): Settings {
  return JSON.parse(readFileSync(file, "utf8")) as Settings;
}

/**
 * Returns the synthesized stacks in the order of a deployment.
 * @throws UsageError if they are not synthesized
 */
export function synthesizedStacks(project = PROJECT_FOLDER): SynthesizedStack[] {
  try {
    const { stacks } = JSON.parse(readFileSync(join(project, "cdktf.out", "manifest.json"), "utf8")) as {
      stacks: Record<string, SynthesizedStack>;
    };
    return inOrder(Object.values(stacks));
  } catch (cause) {
    throw new UsageError(`the stacks are not synthesized: ${(cause as Error).message}; run \`npm run synth\``, {
      cause,
    });
  }
}

// --- internal ---

/** Saves settings in a file and returns its name: an argument must not be longer than 128 KiB. */
function saveSettings({ settings, folder }: Apart): string {
  const file = join(folder, "settings.json");
  writingTo(folder, () => writeFileSync(file, JSON.stringify(settings)));
  return file;
}

/** Puts every stack after the stacks that it depends on. */
function inOrder(stacks: readonly SynthesizedStack[]): SynthesizedStack[] {
  const ordered = new Set<SynthesizedStack>();
  const add = (stack: SynthesizedStack): void => {
    for (const other of stacks) if (stack.dependencies.includes(other.name)) add(other);
    ordered.add(stack);
  };
  stacks.forEach(add);
  return [...ordered];
}
