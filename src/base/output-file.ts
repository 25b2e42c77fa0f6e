/**
 * Writes the files that the user asked for.
 *
 * - A file is written next to its target and then renamed, so the target is never half-written.
 * - A file that no `workflow` command created is overwritten only with `--force`.
 * - A command refuses a file that cannot be written before it starts. A later failure is a `FileError`.
 */
import { randomBytes } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { FileError, UsageError } from "./errors";
import { machineFault, whyItFailed } from "./file-errors";

/** A file that the user asked for. */
export interface Output {
  /** The option or argument that names it, such as `--report`. */
  readonly option: string;
  readonly path: string;
  /** True if a file that no command created may be overwritten. */
  readonly force: boolean;
}

/** A file that a command reads, and its name in messages, such as `the document`. */
export interface Source {
  readonly name: string;
  readonly path: string;
}

/** The first or last characters of the files that `workflow` commands create. */
const MARKS: readonly { readonly part: "start" | "end"; readonly pattern: RegExp }[] = [
  {
    part: "start",
    pattern:
      /^<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="generator" content="workflow">/,
  },
  { part: "start", pattern: /^\{\n {2}"name": ".*",\n {2}"status": "[A-Z_]+",\n {2}"input": / },
  { part: "start", pattern: /^state,indices,name,id,outcome,status,/ },
  { part: "start", pattern: /^<svg role="img" class="state-machine" / },
  {
    part: "start",
    pattern: /^---\nconfig:\n {2}flowchart:\n {4}subGraphTitleMargin:\n {6}bottom: \d+\n---\nflowchart TD\n/,
  },
  { part: "start", pattern: /^digraph workflow \{\n {2}graph \[compound="true", newrank="true", bgcolor=/ },
  { part: "start", pattern: /^\{\n {2}"(?:data|image|workflow)": \{/ },
  { part: "start", pattern: /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="workflow test" / },
  { part: "end", pattern: /<!-- workflow-review \S+ \S+ -->\n$/ },
];

/** The longest mark, in bytes. */
const MARK_BYTES = 1024;

/**
 * Parses the name of an output file.
 * @throws UsageError when the file cannot be written
 */
export function outputFile(option: string, ...endings: string[]): (text: string) => string {
  return (text) => {
    const refused = (what: string) => new UsageError(`\`${option}\` must be a file ${what}, got: ${text}`);
    if (endings.length > 0 && !endings.includes(extname(text).toLowerCase())) {
      throw refused(`that ends in ${endings.join(" or ")}`);
    }
    if (!existsSync(dirname(resolve(text)))) throw refused("in a folder that exists");
    const problem = fileProblem(text);
    if (problem !== null) throw refused(`that can be written${problem}`);
    return text;
  };
}

/**
 * Parses the name of an output folder. Creates the folder if it does not exist.
 * @throws UsageError when no file can be written there
 */
export function outputFolder(option: string): (text: string) => string {
  return (text) => {
    const refused = (what: string, cause?: unknown) =>
      new UsageError(`\`${option}\` must be a folder${what}, got: ${text}`, { cause });
    if (existsSync(text) && !statSync(text).isDirectory()) throw refused(", not a file");
    try {
      mkdirSync(text, { recursive: true });
    } catch (cause) {
      throw refused(` that can be created (${whyItFailed(cause)})`, cause);
    }
    const problem = writeProblem(text);
    if (problem !== null) throw refused(` that can be written (${problem})`);
    return text;
  };
}

/**
 * Checks all files that a command will write, before it starts.
 * @throws UsageError when two outputs are the same file, an output is also an input, or a file would need `--force`
 */
export function refuseOutputs(outputs: readonly Output[], sources: readonly Source[]): void {
  for (const [index, output] of outputs.entries()) {
    const { option, path } = output;
    const twin = outputs.slice(0, index).find((other) => isSameFile(other.path, path));
    if (twin !== undefined) {
      throw new UsageError(`\`${twin.option}\` and \`${option}\` must be two files, got: ${twin.path} and ${path}`);
    }
    const source = sources.find((other) => isSameFile(other.path, path));
    if (source !== undefined) {
      throw new UsageError(`\`${option}\` must not be ${source.name}, which the command reads, got: ${path}`);
    }
    const refusal = foreignFile(output);
    if (refusal !== null) throw new UsageError(refusal);
  }
}

/**
 * Writes a file. Writes directly to a target that is a device or a pipe, or a link to one.
 * @throws FileError when that fails; an earlier file stays as it was
 */
export async function writeOutput(output: Output, content: string): Promise<void> {
  try {
    const { path, stats } = targetOf(output.path);
    if (stats === null || stats.isFile()) {
      const refusal = foreignFile(output);
      if (refusal !== null) throw new FileError(refusal);
      replaceFile(path, content, stats);
    } else {
      await writeStream(path, content);
    }
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    throw new FileError(`\`${output.option}\` cannot be written to ${resolve(output.path)}: ${whyItFailed(cause)}`, {
      cause,
    });
  }
}

/** Writes a file next to `path` and renames it. Keeps the permissions and the owner of an earlier file. */
export function replaceFile(path: string, content: string, earlier: Stats | null = null): void {
  const temporary = join(dirname(path), `.${basename(path).slice(0, 50)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    const file = openSync(temporary, "wx");
    try {
      if (earlier !== null) keepAccess(file, earlier);
      writeFileSync(file, content);
      // Some file systems report a full disk only here.
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * Runs a function that writes many files to a folder.
 * @throws FileError that names the folder when, for example, the disk is full
 */
export function writingTo<T>(folder: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    if (machineFault(cause) === null) throw cause;
    throw new FileError(`${folder} cannot be written: ${whyItFailed(cause)}`, { cause });
  }
}

// --- internal ---

const STANDARD_STREAM = /^\/(?:dev\/(?:fd\/(\d+)|(stdout)|(stderr))|proc\/self\/fd\/(\d+))$/;
const MOST_LINKS = 40;

/** Follows all symbolic links of a path. `stats` is `null` if the file does not exist yet. */
function targetOf(name: string): { readonly path: string; readonly stats: Stats | null } {
  let path = resolve(name);
  for (let links = 0; links < MOST_LINKS; links += 1) {
    const stats = lstatSync(path, { throwIfNoEntry: false }) ?? null;
    if (stats === null || !stats.isSymbolicLink() || STANDARD_STREAM.test(path)) return { path, stats };
    path = resolve(realpathSync(dirname(path)), readlinkSync(path));
  }
  throw Object.assign(new Error("too many links"), { code: "ELOOP" });
}

/** Returns a message if the output would overwrite a file that no command created. */
function foreignFile({ option, path: name, force }: Output): string | null {
  const { path, stats } = targetOf(name);
  if (force || stats === null || !stats.isFile() || stats.size === 0 || isOwn(path, stats.size)) return null;
  return `\`${option}\` would overwrite ${resolve(name)}, which no \`workflow\` command created; choose another file, or add \`--force\``;
}

function isOwn(path: string, size: number): boolean {
  const file = openSync(path, "r");
  try {
    const read = (position: number) => {
      const bytes = Buffer.alloc(Math.min(size, MARK_BYTES));
      return bytes.toString("utf8", 0, readSync(file, bytes, 0, bytes.length, position));
    };
    const parts = { start: read(0), end: read(Math.max(0, size - MARK_BYTES)) };
    return MARKS.some(({ part, pattern }) => pattern.test(parts[part]));
  } finally {
    closeSync(file);
  }
}

/** Returns whether two names lead to the same file. Symbolic and hard links count. */
function isSameFile(one: string, other: string): boolean {
  const [first, second] = [targetOf(one), targetOf(other)];
  if (first.stats !== null && second.stats !== null) {
    return first.stats.dev === second.stats.dev && first.stats.ino === second.stats.ino;
  }
  return first.stats === second.stats && realName(first.path) === realName(second.path);
}

function realName(path: string): string {
  const folder = dirname(path);
  return join(existsSync(folder) ? realpathSync(folder) : folder, basename(path));
}

/** Returns why a file cannot be written, in brackets. Returns an empty text for the name of a folder. */
function fileProblem(name: string): string | null {
  try {
    const { path, stats } = targetOf(name);
    if (/[/\\]$/.test(name) || stats?.isDirectory()) return "";
    const isReplaced = stats === null || stats.isFile();
    const problem = (stats === null ? null : writeProblem(path)) ?? (isReplaced ? writeProblem(dirname(path)) : null);
    return problem && ` (${problem})`;
  } catch (error) {
    return ` (${whyItFailed(error)})`;
  }
}

/** Returns why a path cannot be written. Returns `null` if it can. */
function writeProblem(path: string): string | null {
  try {
    accessSync(path, statSync(path).isDirectory() ? constants.W_OK | constants.X_OK : constants.W_OK);
    return null;
  } catch (error) {
    return whyItFailed(error);
  }
}

function keepAccess(file: number, { mode, uid, gid }: Stats): void {
  const made = fstatSync(file);
  if (made.uid !== uid || made.gid !== gid) {
    try {
      fchownSync(file, uid, gid);
    } catch {
      // Only root may give a file to another user. The file belongs to this user, as any new file does.
    }
  }
  fchmodSync(file, mode & 0o7777);
}

/** Appends to a stream. A standard stream that is redirected to a file keeps the file's content. */
async function writeStream(path: string, content: string): Promise<void> {
  const [, ...numbers] = STANDARD_STREAM.exec(path) ?? [];
  const stream =
    numbers.includes("1") || numbers.includes("stdout")
      ? process.stdout
      : numbers.includes("2") || numbers.includes("stderr")
        ? process.stderr
        : null;
  // A socket from a parent process cannot be opened by its path.
  if (stream === null || statSync(path).isFile()) return writeFile(path, content, { flag: "a" });
  await new Promise<void>((written, failed) => {
    stream.write(content, (error) => (error ? failed(error) : written()));
  });
}
