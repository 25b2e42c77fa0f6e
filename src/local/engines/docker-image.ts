/** Builds and pulls images. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./docker-cli";
import { EngineError } from "./engine";
import { buildParts, failedInstruction, type ImageProgress, pullParts, type ReadPart } from "./image-progress";
import { pullAdvice } from "./pull-advice";

/** The label of every image that is built here. */
const LOCAL_IMAGE = "workflow.image=local";

/** The source of an image. */
export interface ImageBuild {
  /** The build context: an absolute folder. */
  readonly context: string;
  /** The platform, such as `linux/amd64`. */
  readonly platform: string;
}

interface ImageOptions {
  /** @default "docker", the Docker CLI */
  readonly docker?: string;
  readonly signal?: AbortSignal;
  /** Receives the progress when the work begins, and after each line that it prints. */
  readonly tell?: (progress: ImageProgress) => void;
}

/**
 * Builds an image unless the engine has it. Resolves to whether it was built; to `false` if `signal` stops the build.
 *
 * @throws EngineError with the last lines of a build that failed
 */
export function ensureImage(
  tag: string,
  { context, platform }: ImageBuild,
  options: ImageOptions = {},
): Promise<boolean> {
  const build = [
    // The older builder leaves the container of a failed step behind.
    ...["build", "--force-rm", "--tag", tag, "--platform", platform],
    // With the label, images of earlier builds can be found and removed.
    ...["--label", LOCAL_IMAGE],
    context,
  ];
  const work: Work = {
    command: build,
    aim: `be built from ${context}`,
    read: buildParts(),
    explain: (lines) => placeIn(context, lines),
  };
  return unlessPresent(tag, work, options);
}

/**
 * Pulls an image unless the engine has it. Resolves to whether it was pulled; to `false` if `signal` stops that.
 *
 * @throws EngineError with the last lines of a pull that failed
 */
export function ensurePulled(image: string, options: ImageOptions = {}): Promise<boolean> {
  return unlessPresent(
    image,
    {
      command: ["pull", image],
      aim: "be pulled",
      read: pullParts(),
      explain: (lines) => pullAdvice(image, lines.join("\n")),
    },
    options,
  );
}

/** Returns the ids of images, which change with their content. An image that the engine does not have is left out. */
export async function imageIds(
  images: readonly string[],
  { docker = "docker", signal }: Pick<ImageOptions, "docker" | "signal"> = {},
): Promise<Map<string, string>> {
  const ids = await Promise.all(
    images.map(async (image) => {
      const { code, lines } = await runCommand(docker, ["image", "inspect", "--format", "{{.Id}}", image], { signal });
      return code === 0 && lines[0] !== undefined ? ([[image, lines[0]]] as const) : [];
    }),
  );
  return new Map(ids.flat());
}

// --- internal ---

interface Work {
  /** Arguments of the CLI. */
  readonly command: readonly string[];
  /** The aim, for a message. */
  readonly aim: string;
  readonly read: ReadPart;
  /** Returns a line that helps with what the CLI said when it failed; `null` if nothing does. */
  readonly explain: (lines: readonly string[]) => string | null;
}

async function unlessPresent(
  image: string,
  { command, aim, read, explain }: Work,
  { docker = "docker", signal, tell = () => {} }: ImageOptions,
): Promise<boolean> {
  const { code: missing } = await runCommand(docker, ["image", "inspect", "--format", "{{.Id}}", image], { signal });
  if (missing === 0 || signal?.aborted) return false;
  let progress: ImageProgress = { part: null, line: null };
  tell(progress);
  const { code, lines } = await runCommand(docker, command, { signal }, (line) => {
    progress = read(line) ?? { part: progress.part, line };
    tell(progress);
  });
  if (signal?.aborted) return false;
  if (code !== 0) {
    const said = [...lines, explain(lines) ?? []].flat().join("\n");
    throw new EngineError(`image ${image} cannot ${aim}: docker ${command[0]} ended with ${code}\n${said}`);
  }
  return true;
}

/** Returns the instruction of a Dockerfile that failed. */
function placeIn(context: string, lines: readonly string[]): string | null {
  const place = failedInstruction(lines, readDockerfile(context));
  return place === null ? null : `at ${place}`;
}

/** Returns an empty text if there is no Dockerfile: then Docker has said so. */
function readDockerfile(context: string): string {
  try {
    return readFileSync(join(context, "Dockerfile"), "utf8");
  } catch {
    return "";
  }
}
