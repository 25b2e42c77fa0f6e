/** The interface of the engines, which run the containers of the jobs. */
import { UsageError } from "../../base/errors";
import type { LineSink } from "../../base/log-lines";
import type { JobUsage } from "../../execution/events";

export type EngineName = "docker" | "process";

/** The container of one attempt of a job. */
export interface ContainerSpec {
  /** Unique on this machine: the job's name and id, and the attempt. */
  readonly name: string;
  /** The state of the job with its items, and the index of a child of an array job: `step2_job[3]`, `step1:7`. */
  readonly place: string;
  readonly image: string;
  /**
   * The command that replaces the image's entry point when Docker is not available. Empty: `command` begins with a program. `null`:
   * the job needs Docker.
   */
  readonly localCommand: readonly string[] | null;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** More variables. Their values must not appear in a command line. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly gpus: number;
  /** The size of `/dev/shm`. `null`: the engine's default. */
  readonly sharedMemoryMiB: number | null;
  /** `null`: the image's own user. */
  readonly user: string | null;
  readonly readonlyRootFilesystem: boolean;
  /** Runs an init process as process 1, which passes signals on and collects ended processes. */
  readonly initProcess: boolean;
  readonly mounts: readonly Mount[];
  /** Names of hosts beside those that the engine knows, and their addresses. `host-gateway` is the engine's machine. */
  readonly hosts: Readonly<Record<string, string>>;
}

/** A folder or file of this machine that the container sees. */
export interface Mount {
  /** Absolute path on this machine. */
  readonly host: string;
  /** Absolute path in the container. */
  readonly container: string;
  readonly readOnly: boolean;
}

/** Receives the events of a running container. */
export interface ContainerListener {
  /** Called once when the container runs, before its end; never for a container that does not start. */
  started(): void;
  /** Receives one line of the output. */
  line: LineSink;
}

/** The end of a container. `injected` names the failure if `--chaos` has injected it. `usage` is absent if it is not known. */
export type ContainerEnd = { readonly injected?: string; readonly usage?: JobUsage } & (
  | { readonly kind: "exited"; readonly exitCode: number; readonly outOfMemory: boolean }
  /** `reason` begins with Amazon ECS's name of the error, such as `CannotPullContainerError`. */
  | { readonly kind: "not-started"; readonly reason: string }
  /** The machine was lost. `statusReason` is the text of Batch. */
  | { readonly kind: "host-lost"; readonly statusReason: string }
);

/** A container that runs or will run soon. */
export interface Container {
  /** Resolves when nothing is left of the container: no process, no file system. Never rejects. */
  readonly ended: Promise<ContainerEnd>;
  /** Signals the container, even while Docker creates it. Does nothing after its end. */
  kill(signal: "SIGTERM" | "SIGKILL"): void;
}

export interface Engine {
  readonly name: EngineName;
  /** Never throws: a container that cannot be started ends as `not-started`. */
  run(spec: ContainerSpec, listener: ContainerListener): Container;
  /** Kills everything that it has started, without waiting for an answer. */
  close(): void;
}

/** The run needs a Docker engine and none answers, or the engine cannot build an image. */
export class EngineError extends UsageError {
  override readonly name = "EngineError";
}

/** Returns the end of a container whose machine was lost, with the text of Batch, which retry strategies match. */
export function hostLost(engine: string): ContainerEnd {
  return { kind: "host-lost", statusReason: `Host EC2 (instance ${engine}) terminated.` };
}
