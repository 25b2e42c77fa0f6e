/** Says which settings of the jobs a local run does not apply. */
import { listed } from "../base/text";
import type { JobSettings } from "../project/settings-types";
import type { EngineName } from "./engines/engine";
import type { Jobs } from "./jobs-to-run";

/** The abilities of a run. */
interface RunFacts {
  readonly engine: EngineName;
  /** True if the Docker engine has NVIDIA's GPUs. */
  readonly hasGpus: boolean;
  /** True if the jobs have credentials for AWS. */
  readonly actsOnAws: boolean;
}

/** Returns one line that names the settings of these jobs that have no effect here; `null` if all have. */
export function unmetSettings(jobs: Jobs, facts: RunFacts): string | null {
  const names = Object.keys(jobs);
  const unmet = RULES.filter(({ isUnmet }) => isUnmet(facts)).flatMap(({ field, isSet }) => {
    const asking = names.filter((name) => isSet(jobs[name]!));
    if (asking.length === 0) return [];
    return [`\`${field}\`${asking.length === names.length ? "" : ` (${listed(asking, MOST_NAMES)})`}`];
  });
  if (unmet.length === 0) return null;
  const where = facts.engine === "process" ? "as plain processes, the jobs" : "here, the jobs";
  return `${where} run without what these settings ask for: ${unmet.join(", ")}`;
}

// --- internal ---

/** The most jobs that the line names for a setting. */
const MOST_NAMES = 3;

interface Rule {
  readonly field: keyof JobSettings;
  readonly isSet: (job: JobSettings) => boolean;
  readonly isUnmet: (facts: RunFacts) => boolean;
}

const always = () => true;
const withoutContainers = ({ engine }: RunFacts) => engine === "process";

const RULES: readonly Rule[] = [
  { field: "memoryMiB", isSet: always, isUnmet: withoutContainers },
  { field: "user", isSet: ({ user }) => user !== null, isUnmet: withoutContainers },
  { field: "readonlyRootFilesystem", isSet: (job) => job.readonlyRootFilesystem, isUnmet: withoutContainers },
  { field: "initProcess", isSet: ({ initProcess }) => initProcess, isUnmet: withoutContainers },
  { field: "sharedMemoryMiB", isSet: (job) => job.sharedMemoryMiB !== null, isUnmet: withoutContainers },
  { field: "efs", isSet: ({ efs }) => Object.keys(efs).length > 0, isUnmet: withoutContainers },
  { field: "gpus", isSet: ({ gpus }) => gpus !== null, isUnmet: ({ hasGpus }) => !hasGpus },
  { field: "ephemeralStorageGiB", isSet: (job) => job.ephemeralStorageGiB !== null, isUnmet: always },
  { field: "exec", isSet: ({ exec }) => exec, isUnmet: always },
  {
    field: "statements",
    isSet: ({ statements }) => statements.length > 0,
    isUnmet: ({ actsOnAws }) => !actsOnAws,
  },
];
