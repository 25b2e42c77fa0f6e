import type { CaseRun } from "../../../src/testing/run-case";

/** An execution of a case that has succeeded, and has done nothing. */
export const SUCCEEDED_RUN: CaseRun = {
  status: "SUCCEEDED",
  output: null,
  error: null,
  cause: null,
  events: [],
  requests: [],
  duration: 0,
  missingObjects: [],
  isEndless: false,
};
