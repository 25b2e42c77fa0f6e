/** What runs the containers of the jobs: what every engine can do, and which of them is used. */

import type { LineSink } from "../../base/log-lines";
import { DockerEngine, EngineError, findDockerEngine } from "./docker-engine";
import { ProcessEngine } from "./process-engine";

export type EngineName = "docker" | "process";

/** One container: what a job's attempt starts. */
export interface ContainerSpec {
  /** Unique on this machine: the job's name and id, and the attempt. */
  readonly name: string;
  readonly image: string;
  /** What runs in place of the image's entry point where there are no containers; `null`: nothing does. */
  readonly localCommand: readonly string[] | null;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly user: string | null;
  readonly readonlyRootFilesystem: boolean;
}

/** What is told of a container while it runs. */
export interface ContainerListener {
  /** The container runs: once, before its end; never for one that does not start. */
  started(): void;
  /** One line of its output, without the line end, and the bytes that it was made of, with it. */
  line: LineSink;
}

/** How a container ended. */
export type ContainerEnd =
  | { readonly kind: "exited"; readonly exitCode: number; readonly outOfMemory: boolean }
  /** `reason` begins with the name that Amazon ECS gives to such an error, `CannotPullContainerError` for one. */
  | { readonly kind: "not-started"; readonly reason: string }
  /** The machine under it went away; `statusReason` is what Batch says of that. */
  | { readonly kind: "host-lost"; readonly statusReason: string };

/** A container that runs, or is about to. */
export interface Container {
  /** Resolves when nothing is left of the container: no process, no file system. Never rejects. */
  readonly ended: Promise<ContainerEnd>;
  /** Reaches the container even while it is still being created; does nothing once it has ended. */
  kill(signal: "SIGTERM" | "SIGKILL"): void;
}

export interface Engine {
  readonly name: EngineName;
  /** Never throws: a container that cannot be started ends as `not-started`. */
  run(spec: ContainerSpec, listener: ContainerListener): Container;
  /** Kills at once everything that it has started, without waiting for an answer. Does nothing where nothing is left. */
  close(): void;
}

export interface EngineOptions {
  /** Marks the containers of one execution: the value of their label `workflow.execution`. */
  readonly executionId: string;
  /** Where plain processes run: the project's folder, which local commands are relative to. */
  readonly folder: string;
  /** Ends the look for an engine. */
  readonly signal?: AbortSignal;
}

/**
 * The engine that was asked for. `auto` is Docker where an engine answers, else plain processes with a `notice` that says so.
 * Throws `EngineError` if Docker was asked for and does not answer.
 */
export async function chooseEngine(
  wanted: EngineName | "auto",
  options: EngineOptions,
  find: typeof findDockerEngine = findDockerEngine,
): Promise<{ readonly engine: Engine; readonly notice: string | null }> {
  const processes = (notice: string | null) => ({ engine: new ProcessEngine(options), notice });
  if (wanted === "process") return processes(null);
  const found = await find(undefined, undefined, options.signal);
  if ("version" in found) return { engine: new DockerEngine({ ...options, ...found }), notice: null };
  if (wanted === "docker") {
    throw new EngineError(`no Docker engine answers: ${found.whyNot}; start one, or use --engine process`);
  }
  return processes(`no Docker engine answers (${found.whyNot}): the jobs run as plain processes on this machine`);
}
