/** Measures the memory and the CPU time of containers, from the control groups of this machine. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { JobUsage } from "../../execution/events";

/** A container that is measured. */
export interface Measured {
  /** The file in which the Docker CLI writes the id of the container. `null` if this machine has no control groups. */
  readonly idFile: string | null;
  /** Ends the measuring. Returns `null` if nothing could be read. */
  readonly end: () => JobUsage | null;
}

/** The pause between two readings is this long, and longer with many containers. */
const PAUSE_MILLISECONDS = 100;
const PAUSE_PER_CONTAINER_MILLISECONDS = 2;

/** After so many containers without a group, the engine runs elsewhere: on another machine, or in the machine of Docker Desktop. */
const MOST_NOT_FOUND = 3;

/**
 * Reads the peak memory and the CPU time of running containers again and again, because the group of a container vanishes with it. So
 * the last tenth of a second can be missing.
 *
 * @see https://docs.kernel.org/admin-guide/cgroup-v2.html
 */
export class ContainerUsage {
  private readonly running = new Set<MeasuredContainer>();
  private readonly layout: Layout | null;
  private folder: string | null = null;
  private timer: NodeJS.Timeout | null = null;
  private notFound = 0;
  private isFound = false;

  constructor(private readonly root = "/sys/fs/cgroup") {
    this.layout = layoutOf(root);
  }

  /** Begins to measure a container. `name` is unique, and fits in the name of a file. */
  begin(name: string): Measured {
    const { layout } = this;
    if (layout === null || this.notFound >= MOST_NOT_FOUND) return { idFile: null, end: () => null };
    this.folder ??= mkdtempSync(join(tmpdir(), "workflow-containers-"));
    const container = new MeasuredContainer(join(this.folder, name), this.root, layout);
    this.running.add(container);
    this.schedule();
    return { idFile: container.idFile, end: () => this.end(container) };
  }

  /** Ends the measuring of all containers. Leaves no file behind. */
  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.running.clear();
    this.removeFolder();
  }

  /** Reads all running containers once. */
  read(): void {
    for (const container of this.running) container.read();
  }

  private end(container: MeasuredContainer): JobUsage | null {
    container.read();
    this.running.delete(container);
    rmSync(container.idFile, { force: true });
    if (this.running.size === 0) this.removeFolder();
    this.isFound ||= container.usage !== null;
    if (container.wasCreated && !this.isFound) this.notFound += 1;
    return container.usage;
  }

  private removeFolder(): void {
    if (this.folder !== null) rmSync(this.folder, { recursive: true, force: true });
    this.folder = null;
  }

  private schedule(): void {
    if (this.timer !== null || this.running.size === 0) return;
    const pause = PAUSE_MILLISECONDS + PAUSE_PER_CONTAINER_MILLISECONDS * this.running.size;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.read();
      this.schedule();
    }, pause).unref();
  }
}

// --- internal ---

const MIB = 1024 * 1024;

/** The paths of the files of a group. `GROUP` stands for the path of the group. */
interface Layout {
  /** A file below the root that tells the version of control groups. */
  readonly sign: string;
  readonly memory: { readonly file: string };
  readonly cpu: { readonly file: string; readonly pattern: RegExp; readonly perSecond: number };
}

/** Version 2 and version 1. Version 2 tells the peak since Linux 5.19. */
const LAYOUTS: readonly Layout[] = [
  {
    sign: "cgroup.controllers",
    memory: { file: "GROUP/memory.peak" },
    cpu: { file: "GROUP/cpu.stat", pattern: /^usage_usec (\d+)$/m, perSecond: 1e6 },
  },
  {
    sign: "memory/memory.max_usage_in_bytes",
    memory: { file: "memory/GROUP/memory.max_usage_in_bytes" },
    cpu: { file: "cpuacct/GROUP/cpuacct.usage", pattern: /^(\d+)$/m, perSecond: 1e9 },
  },
];

function layoutOf(root: string): Layout | null {
  return LAYOUTS.find(({ sign }) => existsSync(join(root, sign))) ?? null;
}

/** The groups that engines make for a container: with and without systemd, rootless, Podman. */
function groupsOf(id: string): string[] {
  const ofUser = `user.slice/user-${userInfo().uid}.slice/user@${userInfo().uid}.service/user.slice`;
  return [
    `docker/${id}`,
    `system.slice/docker-${id}.scope`,
    `${ofUser}/docker-${id}.scope`,
    `machine.slice/libpod-${id}.scope`,
    `${ofUser}/libpod-${id}.scope`,
  ];
}

class MeasuredContainer {
  usage: JobUsage | null = null;
  private groups: readonly string[] = [];

  constructor(
    readonly idFile: string,
    private readonly root: string,
    private readonly layout: Layout,
  ) {}

  /** True if the engine has created the container. */
  get wasCreated(): boolean {
    return this.groups.length > 0;
  }

  read(): void {
    if (!this.wasCreated) {
      const id = readText(this.idFile) ?? "";
      if (!/^[0-9a-f]{12,64}$/.test(id)) return;
      this.groups = groupsOf(id);
    }
    const { memory, cpu } = this.layout;
    for (const group of this.groups) {
      const bytes = this.numberIn(memory.file, group, /^(\d+)$/m);
      const time = this.numberIn(cpu.file, group, cpu.pattern);
      if (bytes === null && time === null) continue;
      this.groups = [group];
      this.usage = {
        peakMemoryMiB: bytes === null ? (this.usage?.peakMemoryMiB ?? null) : Math.ceil(bytes / MIB),
        cpuSeconds: time === null ? (this.usage?.cpuSeconds ?? null) : Math.round((time * 100) / cpu.perSecond) / 100,
      };
      return;
    }
  }

  private numberIn(file: string, group: string, pattern: RegExp): number | null {
    const [, digits] = pattern.exec(readText(join(this.root, file.replace("GROUP", group))) ?? "") ?? [];
    return digits === undefined ? null : Number(digits);
  }
}

/** Returns `null` if there is no such file, or no longer. */
function readText(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
