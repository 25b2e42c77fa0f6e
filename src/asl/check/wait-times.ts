import { quote } from "../../base/text";
import { error, type Finding, warning } from "./problem";
import type { Subject } from "./subject";

/**
 * Finds Waits for a time that is too far away, wherever the document runs in this century.
 *
 * AWS was recorded to fail a state that waits for more than 68 years (2^31 - 1 seconds).
 */
export function* findEndlessWaits({ states }: Subject): Generator<Finding, void, undefined> {
  for (const { state, pointer } of states) {
    const { Type, Timestamp } = state;
    if (Type !== "Wait" || typeof Timestamp !== "string" || !FAR_AWAY.test(Timestamp)) continue;
    const message = `Timestamp must be at most 68 years away, got: ${quote(Timestamp)}; AWS fails the state with States.Runtime`;
    yield error("limit", `${pointer}/Timestamp`, message, "write an earlier time");
  }
}

/**
 * Finds heartbeats that can never be missed before the time of the task is up.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html (HeartbeatSeconds)
 */
export function* findLateHeartbeats({ states }: Subject): Generator<Finding, void, undefined> {
  for (const { state, pointer } of states) {
    const { HeartbeatSeconds: heartbeat, TimeoutSeconds: timeout } = state;
    if (typeof heartbeat !== "number" || typeof timeout !== "number" || heartbeat < timeout) continue;
    const message = `HeartbeatSeconds must be less than TimeoutSeconds, which is ${timeout}, got: ${heartbeat}`;
    yield warning("limit", `${pointer}/HeartbeatSeconds`, message, `write less than ${timeout}, or remove it`);
  }
}

// --- internal ---

const FAR_AWAY = /^(?:2[1-9]|[3-9]\d)\d\d-/;
