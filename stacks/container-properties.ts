/** The container of a job definition, as far as it follows from the settings alone. */
import { isFargate, jobCompute } from "../src/project/job-compute";
import type { JobSettings, Settings } from "../src/project/settings-types";
import { escapeTemplate } from "../src/terraform/templates";

/** The values that the container of a job gets from its deployment. */
export interface ContainerContext {
  /** Variables that every job gets, as text of Terraform. */
  readonly variables: Readonly<Record<string, string>>;
  /** Converts a text of the settings to one of Terraform, with its placeholders filled in. */
  readonly fill: (text: string) => string;
}

/**
 * Returns the container properties of a job. A field that is not set has no property, and the lists are in the order of their
 * names. So Terraform sees no difference if only the order in cdktf.json changes.
 *
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_ContainerProperties.html
 */
export function containerProperties(
  settings: Settings,
  jobName: string,
  { variables, fill }: ContainerContext,
): Record<string, unknown> {
  const job = settings.jobs[jobName]!;
  const { compute, architecture } = jobCompute(settings, jobName);
  const onFargate = isFargate(compute);
  const { volumes, mountPoints } = fileSystems(job);
  const own = Object.entries(job.environment).map(([name, value]) => [name, escapeTemplate(value)]);
  const environment = named({ ...variables, ...Object.fromEntries(own) }).map(([name, value]) => ({ name, value }));
  const secrets = named(job.secrets).map(([name, arn]) => ({ name, valueFrom: fill(arn) }));
  const linuxParameters = {
    ...(job.initProcess && { initProcessEnabled: true }),
    ...(job.sharedMemoryMiB !== null && { sharedMemorySize: job.sharedMemoryMiB }),
  };
  return {
    command: job.command.map(escapeTemplate),
    resourceRequirements: [
      // Instances only have whole vCPUs.
      { type: "VCPU", value: String(onFargate ? job.vcpus : Math.ceil(job.vcpus)) },
      { type: "MEMORY", value: String(job.memoryMiB) },
      ...(job.gpus === null ? [] : [{ type: "GPU", value: String(job.gpus) }]),
    ],
    readonlyRootFilesystem: job.readonlyRootFilesystem,
    ...(environment.length > 0 && { environment }),
    ...(secrets.length > 0 && { secrets }),
    ...(job.user !== null && { user: job.user }),
    ...(Object.keys(linuxParameters).length > 0 && { linuxParameters }),
    ...(job.ephemeralStorageGiB !== null && { ephemeralStorage: { sizeInGiB: job.ephemeralStorageGiB } }),
    ...(volumes.length > 0 && { volumes, mountPoints }),
    ...(job.exec && { enableExecuteCommand: true }),
    ...(onFargate && {
      // Public subnets have no NAT. Without a public address, a task reaches neither ECR nor the logs.
      networkConfiguration: { assignPublicIp: settings.assignPublicIp ? "ENABLED" : "DISABLED" },
      fargatePlatformConfiguration: { platformVersion: "LATEST" },
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: architecture },
    }),
  };
}

// --- internal ---

/** Returns the file systems of a job. @see https://docs.aws.amazon.com/batch/latest/userguide/efs-volumes.html */
function fileSystems({ efs }: JobSettings) {
  const mounts = named(efs).map(([containerPath, mount], index) => ({ containerPath, ...mount, name: `efs-${index}` }));
  return {
    volumes: mounts.map(({ name, fileSystem, accessPoint }) => ({
      name,
      efsVolumeConfiguration: {
        fileSystemId: fileSystem,
        // IAM needs encryption in transit. With an access point, the root directory is that of the access point.
        transitEncryption: "ENABLED",
        authorizationConfig: { ...(accessPoint !== null && { accessPointId: accessPoint }), iam: "ENABLED" },
      },
    })),
    mountPoints: mounts.map(({ name, containerPath, readOnly }) => ({
      sourceVolume: name,
      containerPath: escapeTemplate(containerPath),
      readOnly,
    })),
  };
}

/** Returns the members of an object in the order of their names. */
function named<T>(members: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(members).sort(([one], [other]) => (one < other ? -1 : 1));
}
