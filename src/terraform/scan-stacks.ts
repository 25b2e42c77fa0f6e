/** Runs checkov over synthesized stacks, with the list of .config/checkov.yaml. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { UsageError } from "../base/errors";
import { findExecutable } from "../base/executables";
import type { JsonObject } from "../base/json";
import { PROJECT_FOLDER } from "../project/project-folder";

/** The result of a scan. */
export interface ScanReport {
  /** Each failed check, as a line. */
  readonly findings: readonly string[];
  /** Number of checks that passed. */
  readonly passed: number;
}

interface CheckovReport {
  readonly summary?: { readonly passed: number; readonly parsing_errors: number };
  readonly results?: {
    readonly failed_checks: readonly { check_id: string; check_name: string; file_path: string; resource: string }[];
  };
}

const CONFIG = join(PROJECT_FOLDER, ".config", "checkov.yaml");

/**
 * Returns the path of checkov: from the project's own `.venv`, otherwise from the PATH.
 * @throws UsageError if it is in neither
 */
export function findCheckov(searchPath: string | undefined, projectFolder = PROJECT_FOLDER): string {
  const found = findExecutable(["checkov"], searchPath, [join(projectFolder, ".venv", "bin")]);
  if (found !== undefined) return found;
  throw new UsageError(
    "`checkov` is neither in .venv nor on the PATH; " +
      "install it: python3 -m venv .venv && .venv/bin/pip install -r .config/scan-requirements.txt",
  );
}

/**
 * Scans the stacks in the folder `synthesized`. Removes from them what checkov cannot read.
 * @param options more options of checkov
 * @throws UsageError when checkov fails, or could not read the stacks
 */
export async function scan(
  synthesized: string,
  checkov: string,
  { options = [], signal }: { readonly options?: readonly string[]; readonly signal?: AbortSignal } = {},
): Promise<ScanReport> {
  removeMoves(synthesized);
  const args = ["--directory", synthesized, "--config-file", CONFIG, "--output", "json", ...options];
  const output = await runCheckov(checkov, args, join(synthesized, "home"), signal);
  const { summary, results } = JSON.parse(output) as CheckovReport;
  if (!summary?.passed || summary.parsing_errors > 0) {
    throw new UsageError(`checkov could not read the stacks:\n${output}`);
  }
  const findings = (results?.failed_checks ?? []).map(({ check_id, check_name, file_path, resource }) => {
    // `/stacks/image/cdk.tf.json` is the file of the stack `image`.
    const stack = file_path.split("/").at(-2);
    return `${stack}: ${resource.replace(/^resource\./, "")}: ${check_id} ${check_name}`;
  });
  return { findings, passed: summary.passed };
}

// --- internal ---

/** Removes `moved` blocks. They are no resources, and checkov 3.3 fails on them. */
function removeMoves(synthesized: string): void {
  for (const stack of readdirSync(join(synthesized, "stacks"))) {
    const file = join(synthesized, "stacks", stack, "cdk.tf.json");
    const { moved, ...rest } = JSON.parse(readFileSync(file, "utf8")) as JsonObject;
    if (moved !== undefined) writeFileSync(file, JSON.stringify(rest));
  }
}

/**
 * Runs checkov and returns its output. Exit code 1 means findings if there is output, otherwise a failure. With an API key, from
 * its environment or from the home folder, checkov would upload the stacks. It would also look for a newer version of itself.
 */
async function runCheckov(path: string, args: string[], home: string, signal?: AbortSignal): Promise<string> {
  const { BC_API_KEY: _, ...environment } = process.env;
  const env = { ...environment, HOME: home, CKV_SKIP_PACKAGE_UPDATE_CHECK: "true" };
  try {
    const { stdout } = await promisify(execFile)(path, args, { env, maxBuffer: 2 ** 28, ...(signal && { signal }) });
    return stdout;
  } catch (cause) {
    const { code, stdout, stderr } = cause as { code?: unknown; stdout?: string; stderr?: string };
    if (code === 1 && stdout?.trim()) return stdout;
    if (signal?.aborted) throw cause;
    throw new UsageError(`${path} failed:\n${stderr?.trim() || (cause as Error).message}`, { cause });
  }
}
