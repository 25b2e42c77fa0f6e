/** `workflow diagram`: draws the document. */
import { extname } from "node:path";
import { toDot, toMermaid, toSvg } from "../../asl/diagram/render";
import type { StatesDocument } from "../../asl/document";
import { UsageError } from "../../base/errors";
import { writeOutput } from "../../base/output-file";
import { loadSettings } from "../../project/load-settings";
import { loadWorkflow } from "../../project/workflow-files";
import { type Surroundings, sayWritten } from "../surroundings";

export interface DiagramOptions {
  readonly format?: string;
  readonly output?: string;
  readonly force?: true;
}

type Draw = (document: StatesDocument) => string | Promise<string>;

/** The forms of a diagram, and the endings of their files. */
const DIAGRAMS: Readonly<Record<string, { readonly endings: readonly string[]; readonly draw: Draw }>> = {
  svg: { endings: [".svg"], draw: toSvg },
  mermaid: { endings: [".mmd", ".mermaid"], draw: toMermaid },
  dot: { endings: [".dot", ".gv"], draw: toDot },
};

export const DIAGRAM_FORMATS = Object.keys(DIAGRAMS);

/** Draws to a file, or to standard output. */
export async function diagram(options: DiagramOptions, surroundings: Surroundings): Promise<void> {
  const { environment, context, stdout } = surroundings;
  const { draw } = DIAGRAMS[formatOf(options)]!;
  const drawing = await draw(loadWorkflow(loadSettings(environment, context)).document);
  const { output, force = false } = options;
  if (output === undefined) {
    stdout.write(drawing);
    return;
  }
  await writeOutput({ option: "--output", path: output, force }, drawing);
  sayWritten("diagram", output, surroundings);
}

/** @throws UsageError when the ending of the file is unknown, or says another format */
function formatOf({ format, output = "" }: DiagramOptions): string {
  const ending = extname(output).toLowerCase();
  if (ending === "") return format ?? "svg";
  const known = format === undefined ? DIAGRAM_FORMATS : [format];
  const meant = known.find((name) => DIAGRAMS[name]!.endings.includes(ending));
  if (meant !== undefined) return meant;
  const endings = known.flatMap((name) => DIAGRAMS[name]!.endings).join(", ");
  const kind = format === undefined ? "" : ` for \`--format ${format}\``;
  throw new UsageError(`\`--output\` must be a file that ends in ${endings}${kind}, got: ${output}`);
}
