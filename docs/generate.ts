/** What the documentation takes from the code: `npm run docs` writes it, a test fails when it is stale. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadWorkflow } from "../project";
import { describeSettings, loadSettings, PROJECT_FOLDER } from "../settings";
import { toSvg } from "../workflow/diagram";

/** The generated files as they should be: content by path, relative to the project. */
export async function generatedFiles(): Promise<Record<string, string>> {
  return {
    "docs/workflow.svg": await toSvg(loadWorkflow(loadSettings({})).document),
    "README.md": readFileSync(join(PROJECT_FOLDER, "README.md"), "utf8").replace(
      /(<!-- settings -->\n).*(\n<!-- \/settings -->)/s,
      (_, start: string, end: string) => start + settingsTable() + end,
    ),
  };
}

function settingsTable(): string {
  const rows = describeSettings({}).map(({ name, variable, default: value, help }) => {
    const cells = variable === null ? ["", "see cdktf.json"] : [code(variable), code(String(value ?? ""))];
    return `| ${[code(name), ...cells, help].join(" | ")} |`;
  });
  return ["| setting | variable | default | |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}

if (require.main === module) {
  void generatedFiles().then((files) => {
    for (const [path, content] of Object.entries(files)) writeFileSync(join(PROJECT_FOLDER, path), content);
  });
}
