import type { Doubt } from "../../asl/permissions/doubts";
import type { Statement } from "../../asl/permissions/statement";
import { PLACEHOLDER_NAME, type PlaceholderValues } from "../../asl/substitution";
import { UsageError } from "../../base/errors";
import { say } from "../../base/message";
import { firstLines, listed } from "../../base/text";
import type { CheckedWorkflow, Workflow } from "../../project/checked-workflow";
import { defineCommand, repeated, toggle } from "../define-command";
import { DOCUMENT } from "../flags";
import { printJson } from "../printing";
import type { Project, Terminal } from "../session";

/** A document, its name, and the values of its placeholders that are known here. */
interface Source {
  readonly name: string;
  readonly checked: CheckedWorkflow;
  readonly values: PlaceholderValues;
}

export const permissions = defineCommand({
  name: "permissions",
  description: "print the IAM policy that the role of a document's state machine needs",
  arguments: { document: DOCUMENT },
  flags: {
    json: toggle("print the policy in the JSON of IAM (the default)", { conflicts: ["terraform"] }),
    terraform: toggle("print it as an aws_iam_policy_document; placeholders become variables"),
    set: repeated("name=value", "the value of a placeholder, such as Region=eu-west-1", placeholderValue),
  },
  action: async ({ document, terraform, set }, session) => {
    const { requireNoErrors } = await import("../../project/checked-workflow");
    const { name, checked, values } = await (document === undefined ? projectSource(session) : fileSource(document));
    const sound = requireSound(checked, requireNoErrors);
    const given = valuesIn(set);
    const policy = await filledPolicy(sound, values, given);
    await sayUnused(Object.keys(given), JSON.stringify([sound, values]), session);
    if (terraform) {
      const { policyDocument } = await import("../../terraform/policy-document");
      session.stdout.write(policyDocument(name, policy));
    } else {
      const { policyJson } = await import("../../asl/permissions/policy-json");
      printJson(session, policyJson(policy));
    }
    const { describeProblem } = await import("../../project/file-problem");
    const doubts = checked.problems.filter(({ rule }) => RULES.has(rule));
    if (doubts.length > 0) say(session.stderr, firstLines(doubts, describeProblem).join("\n"));
    if (!terraform) await sayPlaceholders(policy, session);
    return doubts.some(({ severity }) => severity === "error") ? 1 : 0;
  },
});

/** The rules of `check` about permissions. */
const RULES: ReadonlySet<string> = new Set<Doubt["rule"]>(["unknown-integration", "unknown-right", "wide-right"]);

async function projectSource({ environment, context }: Project): Promise<Source> {
  const { loadSettings } = await import("../../project/load-settings");
  const { checkWorkflow } = await import("../../project/workflow-files");
  const settings = loadSettings(environment, context);
  return { name: settings.name, checked: checkWorkflow(settings, { local: false }), values: settings.substitutions };
}

async function fileSource(typed: string): Promise<Source> {
  const { checkAnyDocument, fileOf, stateMachineNameOf } = await import("../../project/any-document");
  const file = fileOf(typed);
  return { name: stateMachineNameOf(file), checked: checkAnyDocument(file, { local: false }), values: {} };
}

/** Returns a document whose structure is sound. Other errors do not change its permissions. */
function requireSound(checked: CheckedWorkflow, refuse: (checked: CheckedWorkflow) => Workflow): Workflow["document"] {
  return checked.document ?? refuse(checked).document;
}

/** The project's own values may contain placeholders that `given` fills in. */
async function filledPolicy(
  document: Workflow["document"],
  own: PlaceholderValues,
  given: PlaceholderValues,
): Promise<Statement[]> {
  const { permissions: permissionsOf } = await import("../../asl/permissions/document-permissions");
  const { fillIn } = await import("../../asl/substitution");
  const filled = Object.entries(own).map(([name, text]) => [name, fillIn(text, given)]);
  const values = { ...Object.fromEntries(filled), ...given };
  const fill = (text: string) => fillIn(text, values);
  return permissionsOf(document).statements.map(({ conditions = [], ...statement }) => ({
    ...statement,
    resources: statement.resources.map(fill),
    ...(conditions.length > 0 && {
      conditions: conditions.map((condition) => ({ ...condition, values: condition.values.map(fill) })),
    }),
  }));
}

/** Names the placeholders that are left: IAM takes them for variables of its own. */
async function sayPlaceholders(policy: readonly Statement[], { stderr }: Terminal): Promise<void> {
  const { placeholdersIn } = await import("../../asl/substitution");
  const names = [...new Set(placeholdersIn(JSON.stringify(policy)))].sort();
  if (names.length > 0)
    say(stderr, `give a value to ${listed(names, 20)} with \`--set name=value\` before you use the policy`);
}

/** Names the values of `--set` that nothing uses. `text` has the placeholders of the document and of the project's own values. */
async function sayUnused(given: readonly string[], text: string, { stderr }: Terminal): Promise<void> {
  if (given.length === 0) return;
  const { placeholdersIn } = await import("../../asl/substitution");
  const { suggest } = await import("../../base/suggest");
  const known = new Set([...ARN_PLACEHOLDERS, ...placeholdersIn(text)]);
  for (const name of given.filter((one) => !known.has(one))) {
    say(stderr, `nothing uses the value of \`--set ${name}\`; ${suggest(name, known, "placeholders")}`);
  }
}

/** The placeholders that the policy may have beside those of the document. */
const ARN_PLACEHOLDERS = ["Partition", "Region", "AccountId", "StateMachineName"];

function placeholderValue(text: string, name: string): string {
  const [placeholder = ""] = text.split("=");
  if (text.includes("=") && PLACEHOLDER_NAME.test(placeholder)) return text;
  throw new UsageError(
    `\`${name}\` must be the name of a placeholder, = and its value, such as Region=eu-west-1, got: ${JSON.stringify(text)}`,
  );
}

function valuesIn(set: readonly string[]): PlaceholderValues {
  return Object.fromEntries(set.map((text) => [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)]));
}
