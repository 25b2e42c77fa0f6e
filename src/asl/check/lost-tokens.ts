import { walkStrings } from "../document";
import { integrationOf } from "../integration";
import { givenRequest } from "../query-language";
import { type Finding, warning } from "./problem";
import type { Subject } from "./subject";

/**
 * Finds tasks that wait for a token that their request does not contain. AWS was recorded to run them until their time is up.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
 */
export function* findLostTokens({ states }: Subject): Generator<Finding, void, undefined> {
  for (const { state, pointer, jsonata } of states) {
    if (state.Type !== "Task" || integrationOf(state.Resource)?.suffix !== ".waitForTaskToken") continue;
    const request = givenRequest(state);
    if (request !== undefined && [...walkStrings(request)].some(({ text }) => mayHoldToken(text))) continue;
    const name = jsonata ? "Arguments" : "Parameters";
    const message = `${name} does not contain the task token, so nothing can answer, and the state waits until its time is up`;
    const fix = jsonata
      ? 'add a member with "{% $states.context.Task.Token %}"'
      : 'add a member such as "token.$": "$$.Task.Token"';
    yield warning("task-token", request === undefined ? pointer : `${pointer}/${name}`, message, fix);
  }
}

// --- internal ---

/** Returns whether an expression reads the token, its object, or all of the context object. */
function mayHoldToken(text: string): boolean {
  return CONTEXT.test(text) || WHOLE_STATES.test(text);
}

const CONTEXT = /(?:\$\$|\bcontext\b)(?:\s*[.[]\s*['"`]?Task\b|\s*(?![\s.[]))/;
const WHOLE_STATES = /\$states\b\s*(?![\s.[])/;
