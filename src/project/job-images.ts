/** The images that a deployment builds: one for each folder and architecture, which all jobs with that folder share. */
import { posix } from "node:path";
import { jobCompute } from "./job-compute";
import type { Architecture, Settings } from "./settings-types";

/** An image to build. */
export interface FolderImage {
  /**
   * The job that gives the repository its name: the first one in the table of jobs with this folder and architecture. So the
   * repository stays when another job joins at the end of the table.
   */
  readonly owner: string;
  /** The Docker build context, relative to the project. */
  readonly folder: string;
  readonly architecture: Architecture;
}

/** Returns the images of the jobs that have a folder, in the order of the table of jobs. */
export function folderImages(settings: Settings): FolderImage[] {
  const images = new Map<string, FolderImage>();
  for (const [owner, { image: folder }] of Object.entries(settings.jobs)) {
    if (folder === null) continue;
    const { architecture } = jobCompute(settings, owner);
    const key = imageKey(folder, architecture);
    if (!images.has(key)) images.set(key, { owner, folder, architecture });
  }
  return [...images.values()];
}

/** Returns the image that is built for a job; `null` if the job has a ready one. */
export function folderImage(settings: Settings, jobName: string): FolderImage | null {
  const { image: folder } = settings.jobs[jobName]!;
  if (folder === null) return null;
  const key = imageKey(folder, jobCompute(settings, jobName).architecture);
  return folderImages(settings).find((one) => imageKey(one.folder, one.architecture) === key)!;
}

// --- internal ---

/** `image`, `./image` and `image/` are the same folder. */
function imageKey(folder: string, architecture: Architecture): string {
  return `${architecture} ${posix.normalize(`${folder}/`)}`;
}
