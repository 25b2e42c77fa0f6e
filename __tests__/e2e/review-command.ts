import { spawn } from "node:child_process";
import type { Project, Ran } from "./project";

/** Runs `workflow review` in a project. Every exit code is allowed, because it tells what the review found. */
export function spawnReview(project: Project, args: readonly string[], variables: NodeJS.ProcessEnv): Promise<Ran> {
  const child = spawn("node", ["bin/workflow.js", "review", ...args], {
    cwd: project.folder,
    env: { ...project.variables, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject).on("close", (status) => resolve({ status, output }));
  });
}
