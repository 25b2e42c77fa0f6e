/** Builds and pulls images. */
import { runCommand } from "./docker-cli";
import { EngineError } from "./engine";

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
  /** Receives `null` when the work begins, then each line that it prints. */
  readonly tell?: (line: string | null) => void;
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
  return unlessPresent(tag, build, `be built from ${context}`, options);
}

/**
 * Pulls an image unless the engine has it. Resolves to whether it was pulled; to `false` if `signal` stops that.
 *
 * @throws EngineError with the last lines of a pull that failed
 */
export function ensurePulled(image: string, options: ImageOptions = {}): Promise<boolean> {
  return unlessPresent(image, ["pull", image], "be pulled", options);
}

// --- internal ---

async function unlessPresent(
  image: string,
  command: readonly string[],
  aim: string,
  { docker = "docker", signal, tell = () => {} }: ImageOptions,
): Promise<boolean> {
  const { code: missing } = await runCommand(docker, ["image", "inspect", "--format", "{{.Id}}", image], { signal });
  if (missing === 0 || signal?.aborted) return false;
  tell(null);
  const { code, lines } = await runCommand(docker, command, { signal }, tell);
  if (signal?.aborted) return false;
  if (code !== 0) {
    throw new EngineError(`image ${image} cannot ${aim}: docker ${command[0]} ended with ${code}\n${lines.join("\n")}`);
  }
  return true;
}
