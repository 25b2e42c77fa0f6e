import { execFile } from "node:child_process";
import type { Container, ContainerEnd, ContainerSpec, Engine } from "../../../src/local/engines/engine";

/** The output of a container, and its end. */
export interface ContainerLog {
  readonly end: ContainerEnd;
  /** `started` and the lines, in order. */
  readonly told: readonly string[];
}

/** A container to run, unless said otherwise. */
export function containerSpec(properties: Partial<ContainerSpec> = {}): ContainerSpec {
  return {
    name: "job-1",
    place: "only",
    image: "registry/echo:tag",
    localCommand: null,
    command: [],
    environment: {},
    vcpus: 1,
    memoryMiB: 512,
    user: null,
    readonlyRootFilesystem: false,
    gpus: 0,
    sharedMemoryMiB: null,
    initProcess: false,
    secrets: {},
    mounts: [],
    hosts: {},
    ...properties,
  };
}

/** Runs a container to its end; `onTold` may act on what it tells. */
export async function runContainer(
  engine: Engine,
  spec: ContainerSpec,
  onTold: (told: string, container: Container) => void = () => {},
): Promise<ContainerLog> {
  const told: string[] = [];
  const tell = (text: string) => {
    told.push(text);
    // After the engine has given the container away.
    void Promise.resolve().then(() => onTold(text, container));
  };
  const container = engine.run(spec, { started: () => tell("started"), line: tell });
  return { end: await container.ended, told };
}

/** Waits until a process is no more, or only its exit code is. */
export async function gone(pid: string | undefined): Promise<void> {
  for (;;) {
    const state = await new Promise<string>((resolve) =>
      execFile("ps", ["-o", "stat=", "-p", pid!], (_, stdout) => resolve(stdout.trim())),
    );
    if (state === "" || state.startsWith("Z")) return;
  }
}
