/**
 * The service integrations that a Resource names, such as `arn:aws:states:::batch:submitJob.sync`.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html
 */
import type { Json } from "../base/json";

/** A service integration. */
export interface Integration {
  /** The service and its API action, such as `batch:submitJob`. */
  readonly action: string;
  /** The pattern of the call. Empty if the state continues as soon as the service responds. */
  readonly suffix: "" | ".sync" | ".sync:2" | ".waitForTaskToken";
  /** Both, as they stand behind `states:::`. */
  readonly name: string;
}

/** Returns the integration that a Resource names; `null` for a Lambda function, an activity and any other value. */
export function integrationOf(resource: Json | undefined): Integration | null {
  const found = typeof resource === "string" ? RESOURCE.exec(resource) : null;
  if (found === null) return null;
  const [, action = "", suffix = ""] = found;
  return { action, suffix: suffix as Integration["suffix"], name: action + suffix };
}

/**
 * Returns whether a task waits for a worker that reports with a token: an activity, or a call with `.waitForTaskToken`. Only such a
 * task can miss a heartbeat.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
 */
export function waitsForWorker(resource: Json | undefined): boolean {
  return integrationOf(resource)?.suffix === ".waitForTaskToken" || calledDirectly(resource) === "activity";
}

/**
 * Returns what a Resource names that is no integration: a Lambda function or an activity, by its ARN or by a placeholder whose name
 * says so. `null` if nothing tells.
 */
export function calledDirectly(resource: Json | undefined): "function" | "activity" | null {
  const found = typeof resource === "string" ? DIRECT.exec(resource)?.groups : undefined;
  if (found === undefined) return null;
  return found.activity !== undefined || found.named?.toLowerCase() === "activity" ? "activity" : "function";
}

// --- internal ---

/** A part of an ARN, which may be a placeholder with colons, such as `${AWS::Region}`. */
const PART = "(?:\\$\\{[^{}]*\\}|[^:])*";

const DIRECT = new RegExp(
  `^(?:arn:${PART}:(?:lambda:${PART}:${PART}:function|(?<activity>states:${PART}:${PART}:activity)):|\\$\\{\\w*(?<named>activity|function|lambda)\\w*\\}$)`,
  "i",
);

/** An integration has neither region nor account. Some published documents write them, and AWS ignores them. */
const RESOURCE = new RegExp(
  `^arn:${PART}:states:${PART}:${PART}:(?!(?:activity|stateMachine|express):)(.+?)(\\.sync(?::2)?|\\.waitForTaskToken)?$`,
);
