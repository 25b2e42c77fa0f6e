/** Checks the folder of an image. */
import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";

/** The reason why a folder cannot be the build context of an image. */
export interface ImageFolderProblem {
  /** Completes "must be …". */
  readonly rule: string;
  /** The value that was found instead. */
  readonly found: string;
  readonly fix: string;
}

/** Folders that the commands of the project write. In a build context, they would give each image a new tag. */
const GENERATED = ["cdktf.out", "state", "node_modules"];

/** Checks the folder of an image. `image` is relative to the project. */
export function imageFolderProblem(project: string, image: string): ImageFolderProblem | null {
  const folder = resolve(project, image);
  if (!existsSync(join(folder, "Dockerfile"))) {
    return {
      rule: "a folder with a Dockerfile",
      found: existsSync(folder) ? `${image} has none` : `${image} is not there`,
      fix: "write one, or name the folder that has it",
    };
  }
  const generated = GENERATED.find((name) => isWithin(folder, join(project, name)));
  if (generated === undefined) return null;
  return {
    rule: "a folder of its own",
    found: `${image} holds ${generated}, which changes by itself: each synth would make a new image`,
    fix: "move the Dockerfile and its files to a folder such as image",
  };
}

/** Returns true if `path` is `folder` or is below it, also through symbolic links. `path` need not exist. */
function isWithin(folder: string, path: string): boolean {
  const real = existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path));
  const way = relative(realpathSync(folder), real);
  return way !== ".." && !way.startsWith(`..${sep}`);
}
