/**
 * The resources that an action of a request may use. `service-resources.json` has the kinds of resources of each action, from the
 * Service Authorization Reference. An action needs `all` of its kinds, or `any` of them. Actions under `none` have no kind.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
import { fillTemplate, isArn } from "./arn-template";
import type { ServiceRequest } from "./service-request";
import table from "./service-resources.json";

/** The resources of an action. */
export interface Narrowed {
  readonly resources: readonly string[];
  /** Parameters that would narrow the resources further, because the document does not have their values. @default none */
  readonly open: readonly string[];
  /** True if it is not known which resources the action has. */
  readonly isUnknown: boolean;
}

/** Returns the resources of an action, such as `dynamodb:GetItem`, as narrow as the request allows. */
export function narrowResources(action: string, request: ServiceRequest): Narrowed {
  const [service, name] = action.split(":") as [string, string];
  const kinds = kindsOf(service, name);
  if (kinds === null) {
    const given = request.firstText(["ResourceArn", "Resource", "Arn"]);
    const isGiven = given !== null && isArn(given);
    return { resources: [isGiven ? given : "*"], open: [], isUnknown: !isGiven };
  }
  if (kinds === "none") return { resources: ["*"], open: [], isUnknown: false };
  const isOnly = kinds.templates.length === 1;
  const filled = kinds.templates.map((template) => fillTemplate(service, template, request, isOnly));
  const narrow = filled.filter(({ open }) => open === null);
  const open = [...new Set(filled.flatMap((one) => one.open ?? []))].filter(request.isOfRun);
  // The request leaves out a resource that the action can do without, such as the lexicon of a speech.
  if (kinds.need === "any" && narrow.length === 0 && open.length === 0) {
    return { resources: ["*"], open: [], isUnknown: false };
  }
  const chosen = kinds.need === "any" && narrow.length > 0 ? narrow : filled;
  return {
    resources: chosen.flatMap(({ arn }) => [arn, ...partsOf(action, arn, request)]),
    // A parameter that the request does not have names a resource that the action makes, or none.
    open: kinds.need === "any" && narrow.length > 0 ? [] : open,
    isUnknown: false,
  };
}

/** Returns the versions and aliases of a function; none for a version or an alias itself. */
export function versionsOf(functionArn: string): string[] {
  return /:function:[^:]+:/.test(functionArn) ? [] : [`${functionArn}:*`];
}

// --- internal ---

type Kinds = Readonly<Record<string, string>>;
type Service = { readonly none?: string; readonly all?: Kinds; readonly any?: Kinds };

const SERVICES: Readonly<Record<string, Service>> = table;

/** Returns the parts of a resource that are resources of their own. */
function partsOf(action: string, arn: string, request: ServiceRequest): string[] {
  if (action === "lambda:InvokeFunction") return versionsOf(arn);
  if (action.startsWith("dynamodb:") && request.has("IndexName")) return [`${arn}/index/*`];
  // Most actions of CloudWatch Logs are checked on the streams of a group.
  return action.startsWith("logs:") && !arn.includes(":log-stream:") ? [`${arn}:*`] : [];
}

/** The kinds of resources of an action: it needs all of them, or any. */
interface ActionKinds {
  readonly need: "all" | "any";
  readonly templates: string[];
}

function kindsOf(service: string, action: string): ActionKinds | "none" | null {
  const found = actionsOf(service);
  // Actions that end in `*` stand for all that begin so.
  const isNone = () => found.starts.some((start) => action.startsWith(start));
  return found.kinds.get(action) ?? (isNone() ? "none" : null);
}

interface ServiceActions {
  readonly kinds: ReadonlyMap<string, ActionKinds | "none">;
  readonly starts: readonly string[];
}

/** Returns the kinds of resources by action. The table has the actions by kind, which is shorter. */
function actionsOf(service: string): ServiceActions {
  const known = READ.get(service);
  if (known !== undefined) return known;
  const { none = "", all = {}, any = {} } = SERVICES[service] ?? {};
  const kinds = new Map<string, ActionKinds | "none">();
  const without = none.split(" ");
  for (const action of without) kinds.set(action, "none");
  for (const [need, group] of [
    ["any", any],
    ["all", all],
  ] as const) {
    for (const [template, actions] of Object.entries(group)) {
      for (const action of actions.split(" ")) {
        const before = kinds.get(action);
        if (typeof before === "object" && before.need === need) before.templates.push(template);
        else kinds.set(action, { need, templates: [template] });
      }
    }
  }
  const starts = without.filter((action) => action.endsWith("*")).map((action) => action.slice(0, -1));
  const read = { kinds, starts };
  READ.set(service, read);
  return read;
}

/** The services whose actions have been read. */
const READ = new Map<string, ServiceActions>();
