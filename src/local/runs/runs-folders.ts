import { join, relative } from "node:path";
import { PROJECT_FOLDER } from "../../project/project-folder";

/**
 * Returns the folders of runs that a command in the folder `current` sees: the one for documents from elsewhere, and the project's.
 * They are the same inside the project, so that no folder of an image gets one.
 */
export function runsFolders(current: string, project: string = PROJECT_FOLDER): readonly string[] {
  const isInside = !relative(project, current).startsWith("..");
  return (isInside ? [project] : [current, project]).map((folder) => join(folder, ".workflow", "runs"));
}
