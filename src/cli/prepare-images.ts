import { duration } from "../base/terminal-text";
import { ensureImage, ensurePulled, type ImageBuild } from "../local/engines/docker-image";
import type { LocalSession, Preparation } from "./runnable";

/** The images of a run. */
interface Images {
  /** Images to build, by URI. */
  readonly built: Readonly<Record<string, ImageBuild>>;
  /** Images from elsewhere. */
  readonly pulled: Iterable<string>;
}

/**
 * Builds and pulls the images that the Docker engine does not have, and shows the progress.
 *
 * @throws EngineError
 */
export async function prepareImages(
  { built, pulled }: Images,
  { clock }: Pick<LocalSession, "clock">,
  { tell, notice, signal }: Preparation,
): Promise<void> {
  const timed = async (doing: string, done: string, work: (options: Options) => Promise<boolean>) => {
    const startedAt = clock.now();
    const isDone = await work({ signal, tell: (progress) => tell(doing, progress) });
    if (isDone) notice(`${done} in ${duration(clock.now() - startedAt)}`);
  };
  for (const [uri, build] of Object.entries(built)) {
    await timed(`building image ${uri}`, `built image ${uri}`, (options) => ensureImage(uri, build, options));
  }
  for (const image of pulled) {
    await timed(`pulling image ${image}`, `pulled image ${image}`, (options) => ensurePulled(image, options));
  }
}

// --- internal ---

type Options = NonNullable<Parameters<typeof ensurePulled>[1]>;
