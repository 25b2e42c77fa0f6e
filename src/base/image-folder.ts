/** Checks the folder of an image. */
import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";

/** The reason why a folder cannot be the build context of an image. */
export interface ImageFolderProblem {
  /** Completes "must be …". */
  readonly rule: string;
  /** Completes "but …". */
  readonly found: string;
  readonly fix: string;
}

/** Folders that the commands of this project write. In a build context they would give every image a new tag. */
const GENERATED = ["cdktf.out", "state", "node_modules"];

/** Returns the problem of an image's folder, if there is one. `image` is relative to the project. */
export function imageFolderProblem(project: string, image: string): ImageFolderProblem | null {
  const folder = resolve(project, image);
  if (!existsSync(join(folder, "Dockerfile"))) {
    return {
      rule: "a folder with a Dockerfile",
      found: existsSync(folder) ? `${image} has none` : `${image} does not exist`,
      fix: "create one, or set the folder that has one",
    };
  }
  const generated = GENERATED.find((name) => isWithin(folder, join(project, name)));
  if (generated === undefined) return null;
  return {
    rule: "a folder of its own",
    found: `${image} holds ${generated}, which changes often: every synth would create a new image`,
    fix: "move the Dockerfile and its files to a folder such as image",
  };
}

/** Returns whether `path` is `folder` or below it. Follows symbolic links. `path` need not exist. */
function isWithin(folder: string, path: string): boolean {
  const real = existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path));
  const way = relative(realpathSync(folder), real);
  return way !== ".." && !way.startsWith(`..${sep}`);
}
