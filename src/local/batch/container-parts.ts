/** Reads the parts of a job's container that a local run honours from the `containerProperties` of a Batch job definition. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { asObject, type JsonObject, objectsOf } from "../../base/json";
import { PROJECT_FOLDER } from "../../project/project-folder";
import type { JobDefinition } from "./job-definition";

/** Stands for all file systems of Amazon EFS. */
export const EFS_FOLDER = join(PROJECT_FOLDER, "efs");

type ContainerParts = Pick<JobDefinition, "gpus" | "sharedMemoryMiB" | "initProcess" | "secrets" | "mounts">;

/**
 * Reads GPUs, Linux parameters, secrets and file systems. An EFS file system is the folder `efs/fs-…`, an access point the folder
 * `efs/fsap-…`.
 *
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_ContainerProperties.html
 */
export function containerParts(properties: JsonObject): ContainerParts {
  const { initProcessEnabled, sharedMemorySize } = asObject(properties.linuxParameters);
  const gpu = objectsOf(properties.resourceRequirements).find(({ type }) => type === "GPU");
  const folders = new Map(objectsOf(properties.volumes).map((volume) => [volume.name, folderOf(volume)]));
  return {
    gpus: Number(gpu?.value ?? 0),
    sharedMemoryMiB: typeof sharedMemorySize === "number" ? sharedMemorySize : null,
    initProcess: initProcessEnabled === true,
    secrets: Object.fromEntries(
      objectsOf(properties.secrets).map(({ name, valueFrom }) => [String(name), String(valueFrom)]),
    ),
    mounts: objectsOf(properties.mountPoints).flatMap(({ sourceVolume, containerPath, readOnly }) => {
      const host = folders.get(sourceVolume!);
      return host == null ? [] : [{ host, container: String(containerPath), readOnly: readOnly === true }];
    }),
  };
}

/** Makes the folders that stand for file systems of EFS. Returns a line that says where they are; `null` if there are none. */
export function makeMountedFolders(definitions: readonly Pick<JobDefinition, "mounts">[]): string | null {
  const folders = [...new Set(definitions.flatMap(({ mounts }) => mounts.map(({ host }) => host)))];
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  if (folders.length === 0) return null;
  return `here, file systems of EFS are folders of this machine: ${folders.join(", ")}`;
}

// --- internal ---

/** Returns the folder that stands for a volume; `null` if it is no file system of EFS. */
function folderOf(volume: JsonObject): string | null {
  const { fileSystemId, authorizationConfig } = asObject(volume.efsVolumeConfiguration);
  if (typeof fileSystemId !== "string") return null;
  return join(EFS_FOLDER, String(asObject(authorizationConfig).accessPointId ?? fileSystemId));
}
