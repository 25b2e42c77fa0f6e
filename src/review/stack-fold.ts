/** The part of the comment about one stack: every resource that changes, and the changes of its attributes. */
import { counted, type Fold, fold, type Line, plainLine } from "./fold";
import { cut, cutPair, LONGEST_NAME } from "./markdown";
import { type PermissionChange, policyAttributes } from "./permissions-diff";
import { type Action, type AttributeChange, isImported, type Plan, type ResourceChange } from "./plan";
import { isWithin } from "./values";

/** The plan of a stack, and the changes that other parts of the comment show. */
export interface PlannedStack {
  readonly stack: string;
  readonly plan: Plan;
  readonly permissions: readonly PermissionChange[];
}

/** Returns the changed resources. `isShown` tells which state machines have a part of their own. */
export function stackFold(planned: PlannedStack, isShown: (machine: ResourceChange) => boolean): Fold {
  const { stack, plan } = planned;
  const changed = plan.resources.filter(({ action }) => ACTIONS[action] !== null);
  const lines = changed.flatMap((resource) => resourceLines(resource, planned, isShown(resource)));
  const notice = "`terraform show` of the plan";
  return fold("Stack", { name: stack, counts: countsOf(plan), language: "diff", lines, notice });
}

/** Counts the resources of each action, in words. */
export function countsOf({ resources, changes }: Plan): string {
  const isCounted = ({ type, change, ...one }: ResourceChange, action: Action) =>
    type !== "output" && (one.action === action || (action === "import" && isImported(change)));
  const count = (action: Action) => resources.filter((one) => isCounted(one, action)).length;
  const counts = (Object.keys(ACTIONS) as Action[]).flatMap((action) =>
    ACTIONS[action] === null ? [] : [[ACTIONS[action].count, count(action)] as const],
  );
  return counted(Object.fromEntries(counts)) ?? (changes ? "outputs only" : "no changes");
}

/** Writes the lines below a resource: the first of them, and how many more there are. */
export function details(texts: readonly string[]): Line[] {
  const left = texts.length - DETAILS_SHOWN;
  return [...texts.slice(0, DETAILS_SHOWN), ...(left > 0 ? [`    … ${left} more`] : [])].map((text) => ({
    ...plainLine(text),
    detail: true,
  }));
}

/** Writes an attribute before and after. */
export function attributeLine({ path, before, after, forcesReplacement }: AttributeChange, action: Action): string {
  const forced = forcesReplacement ? "  # forces replacement" : "";
  const name = cut(path, LONGEST_NAME);
  const [old, now] = cutPair(before ?? "(none)", after ?? "(none)", LONGEST_NAME);
  return action === "create" ? `    ${name}: ${now}` : `    ${name}: ${old} -> ${now}${forced}`;
}

// --- internal ---

const DETAILS_SHOWN = 40;

/** The word with which an action is counted, and its mark in a list. `null` for an action that changes nothing. */
const ACTIONS: Readonly<Record<Action, { readonly count: string; readonly mark: string } | null>> = {
  create: { count: "to add", mark: "+" },
  update: { count: "to change", mark: "!" },
  replace: { count: "to replace", mark: "-" },
  delete: { count: "to destroy", mark: "-" },
  forget: { count: "to forget", mark: "-" },
  move: { count: "to move", mark: "!" },
  import: { count: "to import", mark: "!" },
  read: null,
  "no-op": null,
};

function resourceLines(resource: ResourceChange, { plan, permissions }: PlannedStack, isShown: boolean): Line[] {
  const { address, action, reasons, attributes, isRecreated } = resource;
  const because = reasons.length === 0 ? [] : [`because of ${reasons.join(", ")}`];
  const elsewhere = shownElsewhere(resource, plan, permissions, isShown);
  const lines = attributes.map((attribute) => {
    const name = [...elsewhere.keys()].find((one) => isWithin(attribute.path, one));
    return name === undefined
      ? attributeLine(attribute, isRecreated ? "update" : action)
      : `    ${name}: ${elsewhere.get(name)}`;
  });
  const what = [action, ...resource.details, ...because].join(", ");
  return [
    plainLine(`${ACTIONS[action]!.mark} ${plan.conceal(address)} (${what})`),
    ...details(action === "delete" ? [] : [...new Set(lines)]),
  ];
}

/** Returns the attributes that other parts of the comment show, each with a note. */
function shownElsewhere(
  resource: ResourceChange,
  plan: Plan,
  permissions: readonly PermissionChange[],
  isShown: boolean,
): Map<string, string> {
  const isChanged = (policy: string) =>
    permissions.some(({ address, attribute }) => address === resource.address && attribute === policy);
  return new Map([
    ...policyAttributes(resource, plan).map(
      (policy) => [policy, isChanged(policy) ? "see the permissions" : "the same rights"] as const,
    ),
    ...(isShown ? [["definition", "see the workflow"] as const] : []),
  ]);
}
