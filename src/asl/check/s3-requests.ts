import { S3_REQUESTS, s3ActionOf } from "../s3-calls";
import type { Finding } from "./problem";
import { findRequestMistakes } from "./request-fields";
import type { Subject } from "./subject";

/** Finds the requests that S3 or Step Functions would refuse, as far as the document shows it. */
export function* findS3Mistakes(subject: Subject): Generator<Finding, void, undefined> {
  for (const location of subject.states) {
    const action = location.state.Type === "Task" ? s3ActionOf(location.state.Resource) : null;
    if (action !== null) yield* findRequestMistakes(location, S3_REQUESTS[action], "s3-", subject);
  }
}
