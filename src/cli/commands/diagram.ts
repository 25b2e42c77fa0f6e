import { extname } from "node:path";
import type { StatesDocument } from "../../asl/document";
import { UsageError } from "../../base/errors";
import { writeOutput } from "../../base/output-file";
import { defineCommand, oneOf } from "../define-command";
import { DOCUMENT, FORCE, output } from "../flags";
import { sayWritten } from "../printing";
import type { Project } from "../session";

const FORMATS = ["svg", "mermaid", "dot"] as const;
type Format = (typeof FORMATS)[number];

/** The endings of the files of a format. */
const ENDINGS: Readonly<Record<Format, readonly string[]>> = {
  svg: [".svg"],
  mermaid: [".mmd", ".mermaid"],
  dot: [".dot", ".gv"],
};

const DRAW: Readonly<Record<Format, (document: StatesDocument) => Promise<string>>> = {
  svg: async (document) => (await import("../../asl/diagram/svg")).toSvg(document),
  mermaid: async (document) => (await import("../../asl/diagram/mermaid")).toMermaid(document),
  dot: async (document) => (await import("../../asl/diagram/dot")).toDot(document),
};

export const diagram = defineCommand({
  name: "diagram",
  description: "draw a document",
  arguments: { document: DOCUMENT },
  flags: {
    format: oneOf("format", "default: by the ending of the file, otherwise svg", FORMATS),
    output: output("write to a file instead of standard output"),
    force: FORCE,
  },
  action: async ({ document, format, output: path, force }, session) => {
    const drawn = formatOf(format, path);
    const drawing = await DRAW[drawn](await (document === undefined ? projectDocument(session) : documentIn(document)));
    if (path === undefined) {
      session.stdout.write(drawing);
      return;
    }
    await writeOutput({ option: "--output", path, force }, drawing);
    sayWritten("diagram", path, session);
  },
});

async function projectDocument({ environment, context }: Project): Promise<StatesDocument> {
  const { loadSettings } = await import("../../project/load-settings");
  const { loadWorkflow } = await import("../../project/workflow-files");
  return loadWorkflow(loadSettings(environment, context)).document;
}

/** Reads a given document. It is drawn even if it has mistakes, as long as it has states. */
async function documentIn(file: string): Promise<StatesDocument> {
  const { fileOf, readAnyDocument } = await import("../../project/any-document");
  return readAnyDocument(fileOf(file));
}

/** @throws UsageError if the ending of the file is unknown, or belongs to another format */
function formatOf(format: Format | undefined, path = ""): Format {
  const ending = extname(path).toLowerCase();
  if (ending === "") return format ?? "svg";
  const known = format === undefined ? FORMATS : [format];
  const meant = known.find((name) => ENDINGS[name].includes(ending));
  if (meant !== undefined) return meant;
  const endings = known.flatMap((name) => ENDINGS[name]).join(", ");
  const kind = format === undefined ? "" : ` for \`--format ${format}\``;
  throw new UsageError(`\`--output\` must be a file that ends in ${endings}${kind}, got: ${path}`);
}
