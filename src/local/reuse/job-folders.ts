/** The folders that jobs see beside their images and the S3 endpoint. */
import type { JobAdditions } from "../batch/job-additions";
import { jobMounts } from "../batch/job-additions";
import type { JobDefinition } from "../batch/job-definition";
import type { DataFolder } from "../data/data-folder";
import { folderContent } from "./folder-content";
import type { ResultsFile, StoredObject } from "./stored-results";

/** Returns the function that identifies the content of a container's mounts; its result is `null` if it is too much. */
export function mountedFolders(additions: JobAdditions): (definition: Pick<JobDefinition, "mounts">) => string | null {
  return ({ mounts }) => allOf(jobMounts(mounts, additions).map(({ host }) => folderContent(host)));
}

/**
 * Does the same for a process, which sees the files of the data folder. What is written through S3 is left out, because the S3 endpoint
 * tells who reads it. `file` remembers it for later runs.
 */
export function dataFiles(
  objects: DataFolder,
  earlier: readonly StoredObject[],
  file: Pick<ResultsFile, "add">,
): () => string | null {
  const written = new Map(earlier.map((object) => [object.key, object]));
  const note = ({ key, size, modifiedAt }: StoredObject) => {
    const object = { key, size, modifiedAt };
    written.set(key, object);
    file.add({ object });
  };
  objects.onStored = note;
  return () =>
    folderContent(objects.folder, (key, { size, modifiedAt }) => {
      const known = written.get(key);
      return known !== undefined && known.size === size && known.modifiedAt === modifiedAt;
    });
}

// --- internal ---

function allOf(contents: readonly (string | null)[]): string | null {
  return contents.includes(null) ? null : contents.join();
}
