/** Chooses the engine of a run. */

import { findDockerEngine } from "./docker-cli";
import { DockerEngine } from "./docker-engine";
import { type Engine, EngineError, type EngineName } from "./engine";
import { ProcessEngine } from "./process-engine";

export interface EngineOptions {
  /** The value of the label `workflow.execution`, which marks the containers of one execution. */
  readonly executionId: string;
  /** The project's folder. Plain processes run there, and local commands are relative to it. */
  readonly folder: string;
  /** Stops the search for an engine. */
  readonly signal?: AbortSignal;
}

export interface ChosenEngine {
  readonly engine: Engine;
  readonly hasGpus: boolean;
  readonly notice: string | null;
}

/**
 * Returns the engine that the user chose. `auto` selects Docker if an engine answers, otherwise plain processes with a
 * `notice`.
 *
 * @throws EngineError if the user chose Docker and no engine answers
 */
export async function chooseEngine(
  wanted: EngineName | "auto",
  options: EngineOptions,
  find: typeof findDockerEngine = findDockerEngine,
): Promise<ChosenEngine> {
  const processes = (notice: string | null) => ({ engine: new ProcessEngine(options), hasGpus: false, notice });
  if (wanted === "process") return processes(null);
  const found = await find(undefined, undefined, options.signal);
  if ("version" in found)
    return { engine: new DockerEngine({ ...options, ...found }), hasGpus: found.hasGpus, notice: null };
  if (wanted === "docker") {
    throw new EngineError(`no Docker engine answers: ${found.whyNot}; start one, or use --engine process`);
  }
  return processes(`no Docker engine answers (${found.whyNot}): the jobs run as plain processes on this machine`);
}
