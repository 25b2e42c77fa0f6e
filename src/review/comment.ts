/** The comment on a pull request: everything that the plans of all stacks will do, as Markdown for GitHub. */
import { resourceName } from "../project/names";
import { type Drift, driftOf, outsidePlan } from "./drift";
import { counted, enumerated, type Fold, fold, plainLine, renderFold, renderWithin } from "./fold";
import { changesInWords } from "./in-words";
import { costsInWords } from "./job-costs";
import { withJobs } from "./job-roles";
import { code, cut, oneLine } from "./markdown";
import { byWeight, type PermissionChange, permissionChanges } from "./permissions-diff";
import type { ResourceChange } from "./plan";
import type { Review, StackReview } from "./review-types";
import { attributeLine, countsOf, details, type PlannedStack, stackFold } from "./stack-fold";
import { isWithin } from "./values";
import { warnings } from "./warnings";
import { changedStateMachines, workflowDiff } from "./workflow-diff";
import { workflowFolds } from "./workflow-fold";

/** GitHub accepts this number of characters. There are never more characters than bytes. */
export const LONGEST_COMMENT = 65_536;

/** Characters of a stack's name in the first line. */
const LONGEST_STACK = 60;
/** State machines that are shown one by one. */
const WORKFLOWS_SHOWN = 5;

/** Writes the comment. A script finds it by its last line, to update it in place. */
export function writeComment(review: Review): string {
  const { name, environment, stacks } = review;
  const prefix = resourceName(review);
  const planned = stacks.flatMap(({ stack, plan }): PlannedStack[] =>
    plan === null ? [] : [{ stack, plan, permissions: withJobs(permissionChanges(plan), plan, prefix) }],
  );
  const plans = planned.map(({ plan }) => plan);
  const drift = plans.flatMap((plan) => driftOf(plan, prefix));
  const machines = plans.flatMap((plan) => changedStateMachines(plan).map((machine) => ({ machine, plan })));
  const shown = machines.slice(0, WORKFLOWS_SHOWN);
  const head = [
    ...heading(review),
    ...block([
      ...driftLines(drift),
      ...warnings(review, new Map(planned.map(({ plan, permissions }) => [plan, permissions]))),
      ...(machines.length > shown.length
        ? [`**State machines**: ${shown.length} of ${machines.length} are shown`]
        : []),
    ]),
    ...[...changesInWords(plans, prefix), ...costsInWords(plans, prefix, review.region)].map((line) => `- ${line}`),
  ];
  const isShown = (resource: ResourceChange) => shown.some(({ machine }) => machine === resource);
  const folds = [
    ...driftFolds(drift),
    ...stacks.filter(({ failure }) => failure !== null).map(failureFold),
    ...permissionFolds(planned.flatMap(({ permissions }) => permissions)),
    ...problemFolds(review),
    ...imageFolds(review),
    ...shown.flatMap(({ machine, plan }) => workflowFolds(workflowDiff(machine, plan))),
    ...planned.filter(({ plan }) => plan.changes).map((one) => stackFold(one, isShown)),
  ];
  return assembled(head, folds, `workflow-review ${name} ${environment}`);
}

/** Writes the changes outside Terraform alone, as the body of an issue. A script finds the issue by the last line. */
export function writeDrift(review: Pick<Review, "name" | "environment" | "region" | "stacks">): string {
  const { name, environment, region, stacks } = review;
  const failed = stacks.filter(({ failure }) => failure !== null);
  const plans = stacks.flatMap(({ plan }) => plan ?? []);
  const prefix = resourceName(review);
  const drift = plans.flatMap((plan) => driftOf(plan, prefix));
  const rights = plans.flatMap((plan) => withJobs(permissionChanges(outsidePlan(plan)), plan, prefix));
  const where = `${code(name)} in ${code(environment)} (${code(region)})`;
  const found =
    drift.length === 0
      ? `Nothing of ${where} was changed outside Terraform.`
      : `Of ${where}, these resources are not as Terraform left them. To restore them, deploy. To keep them, change the configuration.`;
  const head = [
    failed.length > 0 && drift.length === 0 ? `${where} could not be checked completely.` : found,
    "",
    ...driftLines(drift).map((line) => `- ${line}`),
  ];
  const folds = [...driftFolds(drift), ...permissionFolds(rights), ...failed.map(failureFold)];
  return assembled(head, folds, `workflow-drift ${name} ${environment}`);
}

/** Puts a text together, with its folds shortened to what GitHub accepts, and a marker that only scripts see. */
function assembled(head: readonly string[], folds: readonly Fold[], marker: string): string {
  return renderWithin(LONGEST_COMMENT, folds, (parts) =>
    [...head, "", ...parts.flatMap(renderFold), `<!-- ${marker} -->`, ""].join("\n").replaceAll(/\n{3,}/g, "\n\n"),
  );
}

// --- head ---

function heading({ name, environment, region, stacks }: Review): string[] {
  const counts = stacks.map(
    ({ stack, plan }) => `**${plainName(stack)}** ${plan === null ? "could not be planned" : countsOf(plan)}`,
  );
  return [`${code(name)} in ${code(environment)} (${code(region)}): ${counts.join("; ")}`, ""];
}

/** Writes the name of a stack, in which Markdown finds nothing to interpret. */
function plainName(name: string): string {
  const shown = cut(oneLine(name), LONGEST_STACK);
  return /^[A-Za-z0-9-]+$/.test(shown) ? shown : code(shown);
}

function block(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["> [!WARNING]", ...lines.map((line) => `> - ${line}`), ""];
}

// --- changed outside Terraform ---

function driftLines(drift: readonly Drift[]): string[] {
  const parts = drift.map(({ name, happened, remedy }) => `${name} (${happened}; ${remedy})`);
  return enumerated("Changed outside Terraform", parts, ", ");
}

function driftFolds(drift: readonly Drift[]): Fold[] {
  if (drift.length === 0) return [];
  const lines = drift.flatMap(({ address, happened, remedy, attributes, policies }) => [
    plainLine(`! ${address} (${happened}; ${remedy})`),
    ...details([
      ...policies.map((policy) => `    ${policy}: see the permissions`),
      ...attributes
        .filter(({ path }) => !policies.some((policy) => isWithin(path, policy)))
        .map((attribute) => attributeLine(attribute, "update")),
    ]),
  ]);
  const intro = ["As Terraform left it -> as it is now:"];
  return [
    fold("Outside", { open: true, counts: `${drift.length}`, intro, language: "diff", lines, notice: "the plan" }),
  ];
}

// --- folds ---

function failureFold({ stack, failure }: StackReview): Fold {
  return fold("Failed", {
    name: stack,
    open: true,
    lines: failure!.trim().split("\n").map(plainLine),
    notice: "terraform plan",
  });
}

function permissionFolds(found: readonly PermissionChange[]): Fold[] {
  if (found.length === 0) return [];
  const permissions = byWeight(found);
  const words = { widens: "MORE", differs: "OTHER", narrows: "FEWER" };
  const count = (effect: PermissionChange["effect"]) =>
    permissions.filter((one) => one.effect === effect && !one.isPutBack).length;
  const lines = permissions.flatMap(({ owner, effect, isPutBack, lines: [about, ...rest] }, index) => [
    ...(index === 0 ? [] : [""]),
    `# ${isPutBack ? "RESTORED, changed outside Terraform" : `${words[effect]} rights`}: ${owner}: ${about}`,
    ...rest,
  ]);
  const hasReferences = lines.some((line) => line.includes("${"));
  return [
    fold("Permissions", {
      intro: hasReferences ? ["A value shown as `${…}` is known after apply."] : [],
      open: permissions.some(({ effect }) => effect !== "narrows"),
      counts: counted({
        widened: count("widens"),
        narrowed: count("narrows"),
        "not clear": count("differs"),
        restored: permissions.filter(({ isPutBack }) => isPutBack).length,
      }),
      language: "diff",
      lines: lines.map(plainLine),
      notice: "the plan",
    }),
  ];
}

function problemFolds({ problems }: Review): Fold[] {
  if (problems.length === 0) return [];
  const notice = "`workflow check`";
  const counts = `${problems.length} to look at`;
  return [fold("Check", { open: true, counts, lines: problems.map(plainLine), notice })];
}

function imageFolds({ image }: Review): Fold[] {
  if (image === null) return [];
  const intro = [imageIntro(image)];
  return [fold("Image", { open: true, intro, lines: image.lines.map(plainLine), notice: "`git diff --stat`" })];
}

function imageIntro({ base, lines }: NonNullable<Review["image"]>): string {
  if (base === null) {
    return "An image is new or changed. There is no base branch to compare its files with.";
  }
  if (lines.length === 0) return `An image is new or changed, but no file that git knows differs from ${code(base)}.`;
  return `An image is new or changed; its files against ${code(base)}:`;
}
