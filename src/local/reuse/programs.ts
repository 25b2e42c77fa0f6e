/** Identifies the content of the programs of the jobs. */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { contentHash } from "../../project/content-hash";
import type { JobDefinition } from "../batch/job-definition";
import type { ImageBuild } from "../engines/docker-image";

/** Returns the identity of the program of a job; `null` if it is not known. */
export type ProgramOf = (definition: Pick<JobDefinition, "image" | "localCommand">) => string | null;

/** The ids of images change with their content. */
export function programsInImages(ids: ReadonlyMap<string, string>): ProgramOf {
  return ({ image }) => ids.get(image) ?? null;
}

/**
 * The programs of processes: the folder of the image, and the files that the local command names. The program of an image without a
 * folder is unknown.
 *
 * @param folder the folder in which the processes run
 */
export function programsInFolders(images: Readonly<Record<string, ImageBuild>>, folder: string): ProgramOf {
  const known = new Map<object, string>();
  return (definition) => {
    const { image, localCommand } = definition;
    const build = images[image];
    if (build === undefined || localCommand === null) return null;
    const program =
      known.get(definition) ??
      [contentHash(build.context, build), ...localCommand.map((word) => hashOfFile(resolve(folder, word)))].join();
    known.set(definition, program);
    return program;
  };
}

// --- internal ---

/** Returns the hash of a file; an empty text if there is no such file. */
function hashOfFile(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return "";
  return createHash("sha256").update(readFileSync(path)).digest("base64url");
}
