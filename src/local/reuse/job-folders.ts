/** The folders that jobs see beside their images and the S3 endpoint. */
import type { JobAdditions } from "../batch/job-additions";
import { jobMounts } from "../batch/job-additions";
import type { JobDefinition } from "../batch/job-definition";
import type { DataFolder } from "../data/data-folder";
import { folderContent } from "./folder-content";
import type { ResultsFile, StoredObject } from "./stored-results";

/**
 * Identifies the content of the folders of a job; `null` if it is not known. `before` a job, what was found a moment ago will do: if the
 * folder has changed since, the job only runs in vain. `after` it, the folder is read.
 */
export type FoldersOf = (definition: Pick<JobDefinition, "mounts">, when: "before" | "after") => string | null;

/** Returns the function for the mounts of containers. */
export function mountedFolders(additions: JobAdditions): FoldersOf {
  const contents = new Map<string, ReturnType<typeof remembered>>();
  return ({ mounts }, when) =>
    allOf(
      jobMounts(mounts, additions).map(({ host }) => {
        const content = contents.get(host) ?? remembered(() => folderContent(host));
        contents.set(host, content);
        return content(when);
      }),
    );
}

/**
 * Does the same for a process, which sees the files of the data folder. What is written through S3 is left out, because the S3 endpoint
 * tells who reads it. `file` remembers it for later runs.
 */
export function dataFiles(
  objects: DataFolder,
  earlier: readonly StoredObject[],
  file: Pick<ResultsFile, "add">,
): FoldersOf {
  const written = new Map(earlier.map((object) => [object.key, object]));
  const note = ({ key, size, modifiedAt }: StoredObject) => {
    const object = { key, size, modifiedAt };
    written.set(key, object);
    file.add({ object });
  };
  objects.onStored = note;
  const content = remembered(() =>
    folderContent(objects.folder, (key, { size, modifiedAt }) => {
      const known = written.get(key);
      return known !== undefined && known.size === size && known.modifiedAt === modifiedAt;
    }),
  );
  return (_, when) => content(when);
}

// --- internal ---

const REMEMBERED_MILLISECONDS = 50;

function remembered(read: () => string | null): (when: "before" | "after") => string | null {
  let known: { readonly content: string | null; readonly at: number } | null = null;
  return (when) => {
    const at = performance.now();
    if (when === "before" && known !== null && at - known.at < REMEMBERED_MILLISECONDS) return known.content;
    known = { content: read(), at };
    return known.content;
  };
}

function allOf(contents: readonly (string | null)[]): string | null {
  return contents.includes(null) ? null : contents.join();
}
