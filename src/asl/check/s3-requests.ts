import { asObject } from "../../base/json";
import type { State } from "../document";
import { integrationOf } from "../integration";
import { isDistributed } from "../map-mode";
import { givenRequest } from "../query-language";
import { MAP_REQUESTS, S3_REQUESTS, s3ActionOf } from "../s3-calls";
import type { Finding } from "./problem";
import { findRequestMistakes } from "./request-fields";
import type { CheckedState, Subject } from "./subject";

/** Finds the requests that S3 or Step Functions would refuse, as far as the document shows it. */
export function* findS3Mistakes(subject: Subject): Generator<Finding, void, undefined> {
  for (const location of subject.states) {
    const action = location.state.Type === "Task" ? s3ActionOf(location.state.Resource) : null;
    if (action !== null) yield* findRequestMistakes(location, S3_REQUESTS[action], "s3-", subject);
    if (isDistributed(location.state)) yield* findMapMistakes(location, subject);
  }
}

// --- internal ---

/**
 * Checks the requests of the parts of a Map. Other rules report a ResultWriter without a request, and a request under the name of the
 * other language.
 */
function* findMapMistakes(location: CheckedState, subject: Subject): Generator<Finding, void, undefined> {
  for (const field of ["ItemReader", "ResultWriter"]) {
    const part = asObject(location.state[field]);
    const name = integrationOf(part.Resource)?.name ?? "";
    const isReportedElsewhere =
      part[location.jsonata ? "Parameters" : "Arguments"] !== undefined ||
      (field === "ResultWriter" && givenRequest(part) === undefined);
    if (isReportedElsewhere || !Object.hasOwn(MAP_REQUESTS, name)) continue;
    const asTask = { ...location, state: part as State, pointer: `${location.pointer}/${field}` };
    yield* findRequestMistakes(asTask, MAP_REQUESTS[name]!, "s3-", subject);
  }
}
