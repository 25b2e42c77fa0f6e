/** Runs the app, which writes the stacks, and reads them. */
import { readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { type ChildOptions, runChild } from "../base/children";
import { FileError, UsageError } from "../base/errors";
import { readLines } from "../base/log-lines";
import { writingTo } from "../base/output-file";
import { inTemporaryFolder } from "../base/temporary-folder";
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

/** A request to the app for other stacks than those of its own settings. */
export interface SynthesisOrder {
  readonly settings: Settings;
  /** True if Terraform may destroy the bucket for data, which is then a stack whatever `data` says. @default false */
  readonly destroysData?: boolean;
}

/** An order, and an existing folder for the stacks. */
export interface Apart extends SynthesisOrder {
  /** @default cdktf.out */
  readonly folder?: string;
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
  const env = apart?.folder === undefined ? environment : { ...environment, CDKTF_OUTDIR: apart.folder };
  const run = (order: readonly string[]) =>
    runChild(process.execPath, [...APP, ...order], { cwd: PROJECT_FOLDER, env, signal, read });
  const code = await (apart === undefined ? run([]) : withOrder(apart, (file) => run([file])));
  if (code === 0) return;
  const killer = Object.entries(constants.signals).find(([, number]) => code === 128 + number)?.[0];
  const why = lines.join("\n").trim() || (killer === undefined ? `exit code ${code}` : `${killer} ended the process`);
  throw new (code === REFUSED ? UsageError : FileError)(`the stacks cannot be synthesized:\n${why}`);
}

/** Reads the order that `synthesizeStacks` has saved for the app. */
export function savedOrder(file: string): SynthesisOrder {
  return JSON.parse(readFileSync(file, "utf8")) as SynthesisOrder;
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

/** Calls back with a file that holds the order: an argument must not be longer than 128 KiB. */
function withOrder<T>({ settings, destroysData }: SynthesisOrder, act: (file: string) => Promise<T>): Promise<T> {
  return inTemporaryFolder("workflow-settings", (folder) => {
    const file = join(folder, "order.json");
    writingTo(folder, () => writeFileSync(file, JSON.stringify({ settings, destroysData })));
    return act(file);
  });
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
