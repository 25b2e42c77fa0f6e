/** Reads how far the Docker CLI has come with an image. */

/** The progress of the work on an image. */
export interface ImageProgress {
  /** The part that is being done, such as `step 2 of 5`. `null` at the start. */
  readonly part: string | null;
  /** The last line of the output, or the instruction of the step. `null` at the start. */
  readonly line: string | null;
}

/** Reads a line of the output. Returns `null` if it begins no part. */
export type ReadPart = (line: string) => ImageProgress | null;

/** Reads `Step 2/5 : RUN …` of the older builder, and `#7 [build 2/5] RUN …` of BuildKit. */
export function buildParts(): ReadPart {
  return (line) => {
    const [, step, count, instruction] =
      /^Step (\d+)\/(\d+) : (.*)$/.exec(line) ?? /^#\d+ \[(?:[^\]]* )?(\d+)\/(\d+)\] (.*)$/.exec(line) ?? [];
    return step === undefined ? null : { part: `step ${step} of ${count}`, line: instruction! };
  };
}

/** Counts the layers of a pull. */
export function pullParts(): ReadPart {
  const layers = new Map<string, boolean>();
  return (line) => {
    const [, layer, status] = /^([0-9a-f]{12}): (.*)$/.exec(line) ?? [];
    if (layer === undefined) return null;
    const isReady = /^(Pull complete|Already exists)$/.test(status!);
    layers.set(layer, isReady || (layers.get(layer) ?? false));
    const ready = [...layers.values()].filter(Boolean).length;
    return isReady ? { part: `layer ${ready} of ${layers.size}`, line: status! } : null;
  };
}

/**
 * Returns the line of the Dockerfile at which a build of the older builder failed, such as `Dockerfile:5: RUN make`. BuildKit prints
 * it itself. Returns `null` if the output names no step.
 */
export function failedInstruction(output: readonly string[], dockerfile: string): string | null {
  const step = output.flatMap((line) => /^Step (\d+)\/\d+ : /.exec(line)?.[1] ?? []).at(-1);
  if (step === undefined) return null;
  let count = 0;
  let continues = false;
  for (const [index, line] of dockerfile.split("\n").entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    if (!continues) count += 1;
    if (!continues && count === Number(step)) return `Dockerfile:${index + 1}: ${line.trim()}`;
    continues = /\\\s*$/.test(line);
  }
  return null;
}
