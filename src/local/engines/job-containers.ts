/** The containers of jobs on the Docker engine: finds, enters and removes those of any local run. */
import { printable } from "../../base/terminal-text";
import { runCommand } from "./docker-cli";
import { EngineError } from "./engine";

/** The container of a running job. */
export interface JobContainer {
  readonly container: string;
  /** The id of the job, with `:<index>` for a child of an array job. */
  readonly id: string;
  readonly name: string;
  /** The state with its items: `step2_job[3]`. */
  readonly place: string;
  /** The name of the execution. */
  readonly execution: string;
}

/** The labels of a job's container: the execution, the id of the job, and its place. */
export const LABELS = { execution: "workflow.execution", job: "workflow.job", place: "workflow.place" } as const;

const FORMAT = [
  "{{.ID}}",
  "{{.Names}}",
  ...[LABELS.execution, LABELS.job, LABELS.place].map((label) => `{{.Label "${label}"}}`),
].join("\t");

/** An engine that takes longer has stopped answering. */
const ANSWER_MILLISECONDS = 20_000;

/**
 * Returns the containers of the jobs that run on the Docker engine, newest first.
 *
 * @throws EngineError if no engine answers
 */
export async function jobContainers(docker: string): Promise<JobContainer[]> {
  const found: JobContainer[] = [];
  const args = ["ps", "--no-trunc", "--filter", `label=${LABELS.job}`, "--format", FORMAT];
  const { code, lines } = await runCommand(docker, args, { milliseconds: ANSWER_MILLISECONDS }, (line) => {
    const [container, name, execution, id, ...place] = line.split("\t");
    if (place.length === 0) return;
    const suffix = `-${id!.replace(":", "-")}-`;
    found.push({
      container: container!,
      id: id!,
      name: name!.slice(0, name!.lastIndexOf(suffix)),
      // The name of a state may have any character.
      place: place.join("\t"),
      execution: execution!,
    });
  });
  if (code !== 0) throw new EngineError(`no Docker engine answers: ${printable(lines.join(" "), 300)}; start one`);
  return found;
}

/** Removes the containers that an execution has left because its process was killed. Returns their number. */
export async function removeContainersOf(execution: string, docker = "docker"): Promise<number> {
  const filter = ["--filter", `label=${LABELS.execution}=${execution}`];
  const { code, lines } = await runCommand(docker, ["ps", "--all", "--quiet", ...filter], {
    milliseconds: ANSWER_MILLISECONDS,
  });
  const left = code === 0 ? lines.filter((line) => line !== "") : [];
  if (left.length > 0)
    await runCommand(docker, ["rm", "--force", "--volumes", ...left], { milliseconds: ANSWER_MILLISECONDS });
  return left.length;
}

/** Returns the best shell in a container; `null` if it has none, or no longer runs. */
export async function shellIn(container: string, docker: string): Promise<string | null> {
  const args = ["exec", container, "sh", "-c", "command -v bash || command -v sh"];
  const { code, lines } = await runCommand(docker, args, { milliseconds: ANSWER_MILLISECONDS });
  return code === 0 ? (lines.at(-1) ?? null) : null;
}

/** Returns whether a container runs. */
export async function isRunning(container: string, docker: string): Promise<boolean> {
  const args = ["inspect", "--type", "container", "--format", "{{.State.Running}}", container];
  const { lines } = await runCommand(docker, args, { milliseconds: ANSWER_MILLISECONDS });
  return lines.at(-1) === "true";
}
