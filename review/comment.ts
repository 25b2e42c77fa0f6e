/** The comment on a pull request: what the plans of all stacks will do, as Markdown that GitHub takes. */
import { code, cut, fence, htmlCode, oneLine } from "./markdown";
import { type PermissionChange, permissionChanges } from "./permissions-diff";
import type { Action, AttributeChange, Plan, ResourceChange } from "./plan";
import { changedStateMachines, type WorkflowDiff, workflowDiff } from "./workflow-diff";

/** One stack: its plan, or why there is none. */
export interface StackReview {
  readonly stack: string;
  readonly plan: Plan | null;
  readonly failure: string | null;
}

export interface Review {
  readonly name: string;
  readonly environment: string;
  readonly region: string;
  readonly stacks: readonly StackReview[];
  /** Executions that run; `null` where AWS was not asked or did not answer. */
  readonly running: number | null;
  /** What changed in the build contexts; `null` where no image changes. */
  readonly image: { readonly base: string | null; readonly lines: readonly string[] } | null;
  /** Of `check`, a line each. */
  readonly problems: readonly string[];
}

/** GitHub takes so many characters; bytes are never fewer. */
export const LONGEST_COMMENT = 65_536;

/** A part of the comment that can be shortened. */
interface Fold {
  readonly kind: Kind;
  readonly name: string | null;
  readonly counts: string | null;
  readonly open: boolean;
  readonly intro: readonly string[];
  readonly language: string;
  readonly lines: readonly Line[];
  /** What has to be shown in full or not at all, such as a diagram. */
  readonly whole: boolean;
  readonly notice: string;
}

interface Line {
  readonly text: string;
  /** Details go before the lines that they belong to. */
  readonly detail: boolean;
}

/** From what is shortened first to what is shortened last; the order in which they stand is another. */
const KINDS = ["Diagram", "Stack", "Workflow", "Image", "Check", "Permissions", "Failed"] as const;
type Kind = (typeof KINDS)[number];

const LONGEST_LINE = 400;
const LONGEST_NAME = 160;
/** Of names, in bytes. */
const LONGEST_LIST = 3000;
/** State machines that are shown one by one. */
const WORKFLOWS_SHOWN = 5;
const DETAILS_SHOWN = 40;
/** GitHub draws no Mermaid longer than 50,000 characters. */
const LONGEST_DIAGRAM = 30_000;

/** By action: how it is counted, and its mark in a list. `null` for what is no change. */
const ACTIONS: Readonly<Record<Action, { readonly count: string; readonly mark: string } | null>> = {
  create: { count: "to add", mark: "+" },
  update: { count: "to change", mark: "!" },
  replace: { count: "to replace", mark: "-" },
  delete: { count: "to destroy", mark: "-" },
  forget: { count: "to forget", mark: "-" },
  move: { count: "to move", mark: "!" },
  read: null,
  "no-op": null,
};

/** Values that a reviewer reads elsewhere in the comment, by type and attribute. */
const SHOWN_ELSEWHERE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  aws_sfn_state_machine: { definition: "see the workflow" },
  aws_iam_role_policy: { policy: "see the permissions" },
  aws_iam_role: { assume_role_policy: "see the permissions" },
};

/** The whole comment. */
export function writeComment(review: Review): string {
  const plans = review.stacks.filter((one): one is StackReview & { plan: Plan } => one.plan !== null);
  const machines = plans.flatMap(({ plan }) => changedStateMachines(plan).map((machine) => ({ machine, plan })));
  const permissions = plans.flatMap(({ plan }) => permissionChanges(plan));
  const head = [...heading(review), ...warnings(review, machines.length)];
  const folds = [
    ...review.stacks.filter(({ failure }) => failure !== null).map(failureFold),
    ...permissionFolds(permissions),
    ...machines.slice(0, WORKFLOWS_SHOWN).flatMap(({ machine, plan }) => workflowFolds(workflowDiff(machine, plan))),
    ...plans.filter(({ plan }) => plan.changes).map(stackFold),
    ...imageFolds(review),
    ...problemFolds(review),
  ];
  const tail = [`<!-- ${marker(review)} -->`, ""];
  const render = (parts: readonly Fold[]) =>
    [...head, ...parts.flatMap(renderFold), ...tail].join("\n").replaceAll(/\n{3,}/g, "\n\n");

  const shown = [...folds];
  const indices = [...folds.keys()].sort((one, other) => rank(folds[one]!) - rank(folds[other]!));
  for (const index of indices) {
    for (const shorten of [withoutDetails, withoutLines, withoutIntro]) {
      const excess = bytes(render(shown)) - LONGEST_COMMENT;
      if (excess > 0) shown[index] = shorten(shown[index]!, excess);
    }
  }
  return render(shown);
}

/** What a script finds the comment of a deployment by, to update it in place: the comment's last line. */
function marker({ name, environment }: Pick<Review, "name" | "environment">): string {
  return `workflow-review ${name} ${environment}`;
}

/** How many resources each action is for, in words. */
function countsOf({ resources, changes }: Plan): string {
  const counted = (Object.keys(ACTIONS) as Action[]).flatMap((action) => {
    const count = resources.filter((one) => one.type !== "output" && one.action === action).length;
    return ACTIONS[action] === null || count === 0 ? [] : [`${count} ${ACTIONS[action].count}`];
  });
  if (counted.length > 0) return counted.join(", ");
  return changes ? "outputs only" : "no changes";
}

// --- head ---

function heading({ name, environment, region, stacks }: Review): string[] {
  const counts = stacks.map(
    ({ stack, plan }) => `**${plainName(stack)}** ${plan === null ? "could not be planned" : countsOf(plan)}`,
  );
  return [`${code(name)} in ${code(environment)} (${code(region)}): ${counts.join("; ")}`, ""];
}

function warnings({ stacks, running }: Review, machines: number): string[] {
  const resources = stacks.flatMap(({ plan }) =>
    plan === null ? [] : plan.resources.map((one) => ({ ...one, plan })),
  );
  const named = (action: Action) =>
    resources
      .filter((one) => one.action === action && one.type !== "output")
      .map(({ address, plan }) => plan.conceal(address));
  const lines = [
    ...stacks.filter(({ failure }) => failure !== null).map(({ stack }) => `**Could not be planned**: ${code(stack)}`),
    ...listed("Destroyed", named("delete")),
    ...listed("Replaced", named("replace")),
    ...listed("Left alone from now on", named("forget")),
    ...rights(stacks.flatMap(({ plan }) => plan ?? [])),
    ...executions(running, machines),
    ...(machines > WORKFLOWS_SHOWN ? [`**State machines**: ${WORKFLOWS_SHOWN} of ${machines} are shown`] : []),
  ];
  return lines.length === 0 ? [] : ["> [!WARNING]", ...lines.map((line) => `> - ${line}`), ""];
}

function listed(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const shown: string[] = [];
  for (const name of names) {
    const next = code(cut(oneLine(name), LONGEST_NAME));
    if (bytes([...shown, next].join(", ")) > LONGEST_LIST) break;
    shown.push(next);
  }
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : "";
  return [`**${what}**: ${shown.join(", ")}${more}`];
}

/** Where nothing stands yet, all rights are new, and nobody has to be warned of it. */
function rights(plans: readonly Plan[]): string[] {
  const widened = plans
    .filter(({ resources }) =>
      resources.some(({ type, action }) => type !== "output" && action !== "create" && action !== "read"),
    )
    .flatMap((plan) => permissionChanges(plan))
    .filter(({ effect }) => effect === "widens");
  return listed("More rights", [...new Set(widened.map(({ owner }) => owner))]);
}

function executions(running: number | null, machines: number): string[] {
  if (running === null || running === 0 || machines === 0) return [];
  return [`**Running**: ${running} execution${running === 1 ? "" : "s"} of the state machine that is changed`];
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

function permissionFolds(permissions: readonly PermissionChange[]): Fold[] {
  if (permissions.length === 0) return [];
  const words = { widens: "MORE", differs: "OTHER", narrows: "FEWER" };
  const count = (effect: PermissionChange["effect"]) => permissions.filter((one) => one.effect === effect).length;
  const lines = permissions.flatMap(({ owner, effect, lines: [about, ...rest] }) => [
    plainLine(`# ${words[effect]} rights: ${owner}: ${about}`),
    ...rest.map(plainLine),
  ]);
  const counts = `${count("widens")} widened, ${count("narrows")} narrowed, ${count("differs")} not clear before the apply`;
  const open = permissions.some(({ lines: all }) => all.some((line) => line.includes("${")));
  const intro = open ? ["What stands as `${…}` is known after apply."] : [];
  return [
    fold("Permissions", {
      intro,
      open: permissions.some(({ effect }) => effect !== "narrows"),
      counts,
      language: "diff",
      lines,
      notice: "the plan",
    }),
  ];
}

function workflowFolds({ address, action, diff, references, diagram, note, ...states }: WorkflowDiff): Fold[] {
  const intro = [
    ...(note === null ? [] : [note]),
    ...listed("States added", states.added),
    ...listed("States removed", states.removed),
    ...listed("States changed", states.changed),
    ...listed("Known after apply", references),
  ].map((line) => `- ${line}`);
  const lines = diff.lines.map(uncut);
  const counts = note === null ? `${diff.added} lines added, ${diff.removed} removed` : null;
  // A document that is new is no change to be looked at line by line.
  const open = action !== "create";
  const document = fold("Workflow", {
    name: address,
    counts,
    open,
    intro,
    language: "diff",
    lines,
    notice: "the document",
  });
  return diagram === null ? [document] : [document, diagramFold(address, diagram)];
}

function diagramFold(name: string, diagram: string): Fold {
  const lines = diagram.split("\n").map(uncut);
  const highlighted = /^ {2}classDef (added|changed) /m.test(diagram);
  const intro = highlighted ? ["Thick: added (green) or changed (dashed, amber)."] : [];
  const notice = "`npm run workflow -- diagram`";
  const drawn = fold("Diagram", { name, open: true, language: "mermaid", intro, lines, whole: true, notice });
  return diagram.length > LONGEST_DIAGRAM ? withoutLines(drawn) : drawn;
}

function stackFold({ stack, plan }: { stack: string; plan: Plan }): Fold {
  const changed = plan.resources.filter(({ action }) => ACTIONS[action] !== null);
  const lines = changed.flatMap((resource) => resourceLines(resource, plan));
  const notice = "`terraform show` of the plan";
  return fold("Stack", { name: stack, counts: countsOf(plan), language: "diff", lines, notice });
}

function resourceLines({ address, type, action, attributes }: ResourceChange, { conceal }: Plan): Line[] {
  const { mark } = ACTIONS[action]!;
  const elsewhere = SHOWN_ELSEWHERE[type] ?? {};
  const shown: string[] = [];
  for (const attribute of attributes) {
    const place = Object.keys(elsewhere).find(
      (name) => attribute.path === name || attribute.path.startsWith(`${name}.`),
    );
    shown.push(place === undefined ? attributeLine(attribute, action) : `    ${place}: ${elsewhere[place]}`);
  }
  const unique = [...new Set(shown)];
  const details = action === "delete" ? [] : unique.slice(0, DETAILS_SHOWN);
  const left = action === "delete" ? 0 : unique.length - details.length;
  return [
    plainLine(`${mark} ${conceal(address)} (${action})`),
    ...[...details, ...(left > 0 ? [`    … ${left} more`] : [])].map((text) => ({ ...plainLine(text), detail: true })),
  ];
}

function attributeLine({ path, before, after, forcesReplacement }: AttributeChange, action: Action): string {
  const forced = forcesReplacement ? "  # forces replacement" : "";
  if (action === "create") return `    ${path}: ${short(after)}`;
  return `    ${path}: ${short(before)} -> ${short(after)}${forced}`;
}

function short(value: string | null): string {
  return value === null ? "(none)" : cut(value, LONGEST_NAME);
}

function imageFolds({ image }: Review): Fold[] {
  if (image === null) return [];
  const intro = [
    image.base === null
      ? "The image changes; which of its files did is not known here: no base branch can be read."
      : `The image changes; its files against ${code(image.base)}:`,
  ];
  const notice = "`git diff --stat`";
  return [fold("Image", { open: true, intro, language: "text", lines: image.lines.map(plainLine), notice })];
}

function problemFolds({ problems }: Review): Fold[] {
  if (problems.length === 0) return [];
  const notice = "`workflow check`";
  const counts = `${problems.length} to look at`;
  return [fold("Check", { open: true, counts, language: "text", lines: problems.map(plainLine), notice })];
}

function fold(kind: Kind, rest: Partial<Fold> & Pick<Fold, "lines" | "notice">): Fold {
  return { kind, name: null, counts: null, open: false, intro: [], language: "text", whole: false, ...rest };
}

function uncut(text: string): Line {
  return { text: oneLine(text), detail: false };
}

function plainLine(text: string): Line {
  return { text: cut(oneLine(text), LONGEST_LINE), detail: false };
}

function renderFold({ kind, name, counts, open, intro, language, lines }: Fold): string[] {
  const summary = [kind, ...(name === null ? [] : [htmlCode(cut(name, LONGEST_NAME))])].join(" ");
  return [
    `<details${open ? " open" : ""}><summary>${summary}${counts === null ? "" : `: ${counts}`}</summary>`,
    "",
    ...intro,
    "",
    ...(lines.length === 0
      ? []
      : fence(
          language,
          lines.map(({ text }) => text),
        )),
    "",
    "</details>",
    "",
  ];
}

// --- shortening ---

function rank({ kind }: Fold): number {
  return KINDS.indexOf(kind);
}

/** Takes from the end, resource by resource, as many attributes as is too much. */
function withoutDetails(one: Fold, excess: number): Fold {
  const notice = `Shortened: attributes are left out; ${one.notice} shows them.`;
  const lines = [...one.lines];
  let saved = -2 * bytes(notice);
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    if (!lines[index]!.detail) {
      if (saved >= excess) break;
      continue;
    }
    saved += bytes(lines[index]!.text) + 1;
    lines.splice(index, 1);
  }
  if (lines.length === one.lines.length) return one;
  return { ...one, lines, intro: [...one.intro, "", notice] };
}

/** Takes from the end what is too much: all of it, where the fold makes sense as a whole only. */
function withoutLines(one: Fold, excess = Number.POSITIVE_INFINITY): Fold {
  const notice = (left: number) =>
    one.whole
      ? `Left out: too long; see ${one.notice}.`
      : `Shortened: ${left} lines are left out; ${one.notice} shows them.`;
  let kept = one.lines.length;
  let saved = -2 * bytes(notice(kept));
  while (kept > 0 && (one.whole || saved < excess)) {
    kept -= 1;
    saved += bytes(one.lines[kept]!.text) + 1;
  }
  return { ...one, lines: one.lines.slice(0, kept), intro: [...one.intro, "", notice(one.lines.length - kept)] };
}

function withoutIntro(one: Fold): Fold {
  return { ...one, intro: [`Left out: too long; see ${one.notice}.`] };
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}

/** A name of a stack, in which Markdown has nothing to read. */
function plainName(name: string): string {
  return /^[A-Za-z0-9-]+$/.test(name) ? name : code(name);
}
