/** The rights that one state needs, and what the document leaves open about them. */
import { arnOf, placeholderOfArn } from "./arn-template";
import { narrowResources } from "./narrow-resources";
import type { ServiceRequest } from "./service-request";
import { allow, type Condition, type Statement, sidOf } from "./statement";

/** A right. */
export interface Right {
  readonly statement: Statement;
  /** Parameters that the document has no value for. With one, the statement would have fewer resources. */
  readonly open: readonly OpenParameter[];
  /** True if it is not known here which resources the action has. */
  readonly isUnknown: boolean;
}

/** A parameter without a value in the document. */
export interface OpenParameter {
  readonly name: string;
  /** The reason, as a sentence without its full stop. */
  readonly why: string;
}

/** A right that the document does not tell enough about. It is not granted. */
export interface MissingRight {
  readonly action: string;
  /** The reason, as a whole sentence without its full stop. */
  readonly why: string;
}

/** Everything that a state needs. */
export interface Needs {
  readonly rights: readonly Right[];
  readonly missing: readonly MissingRight[];
}

/** Returns the rights to take these actions of a request, each on the resources that the request names. */
export function take(actions: readonly string[], request: ServiceRequest): Right[] {
  return actions.map((action) => {
    const { resources, open, isUnknown } = narrowResources(action, request);
    return {
      statement: allow(sidOf(action), [action], resources),
      open: open.map((name) => openIn(request, name)),
      isUnknown,
    };
  });
}

/** Returns the right to take actions on known resources. */
export function grant(
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
  conditions: readonly Condition[] = [],
): Right {
  return { statement: allow(sid, actions, resources, conditions), open: [], isUnknown: false };
}

/** Returns the right to take actions on all resources of a kind, because a parameter is known only when the state runs. */
export function grantWide(
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
  parameter: OpenParameter,
): Right {
  return { statement: allow(sid, actions, resources), open: [parameter], isUnknown: false };
}

export function openIn(request: ServiceRequest, name: string): OpenParameter {
  if (request.text(name) !== null) return { name, why: `${name} does not say which resource it is` };
  return request.isOfRun(name.split(".")[0]!) ? ofRun(name) : { name, why: `the request has no ${name}` };
}

/** Returns the right on one resource that a parameter names, or on all of its kind. `kind` is the part of the ARN before the name. */
export function grantOn(
  [sid, action]: readonly [string, string],
  request: ServiceRequest,
  parameter: string,
  kind: string,
): Right {
  const name = request.text(parameter);
  const arn = placeholderOfArn([parameter], request) ?? arnOf(name, action.split(":")[0]!, kind);
  return name === null ? grantWide(sid, [action], [arn], openIn(request, parameter)) : grant(sid, [action], [arn]);
}

/** Returns a parameter whose value is known only when the state runs. */
export function ofRun(name: string): OpenParameter {
  return { name, why: `${name} is known only when the state runs` };
}

/** Returns the right to hear of the end of a job. Step Functions makes the rule of EventBridge itself. */
export function hearOf(rule: string): Right {
  const actions = ["events:PutTargets", "events:PutRule", "events:DescribeRule"];
  return grant("HearOfJobs", actions, [arnOf(rule, "events", "rule/")]);
}
