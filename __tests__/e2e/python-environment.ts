import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** The programs that the jobs of the examples and the clients of the data endpoint need if they run as processes. */
const PACKAGES = ["boto3==1.43.11", "awscli==1.45.11", "s3fs==2026.9.0", "aiobotocore==3.9.0"];

const FOLDER = join(
  process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"),
  "workflow-e2e",
  createHash("sha256").update(PACKAGES.join()).digest("hex").slice(0, 12),
);
const COMPLETE = join(FOLDER, "complete");

/** Makes a Python with boto3, s3fs and the AWS CLI, once per machine. Returns what is missing for it, or `null`. */
export function ensurePython(): string | null {
  if (existsSync(COMPLETE)) return null;
  rmSync(FOLDER, { recursive: true, force: true });
  const made = spawnSync("python3", ["-m", "venv", FOLDER], { encoding: "utf8" });
  if (made.status !== 0) return "no python3 with venv";
  const installed = spawnSync(join(FOLDER, "bin", "pip"), ["install", "--quiet", ...PACKAGES], { encoding: "utf8" });
  if (installed.status !== 0) return `pip cannot install ${PACKAGES.join(" and ")}`;
  writeFileSync(COMPLETE, "");
  return null;
}

/** Returns a search path on which `python3` and `aws` are those of this Python. */
export function pythonPath(path = process.env.PATH ?? ""): string {
  return `${join(FOLDER, "bin")}${delimiter}${path}`;
}
