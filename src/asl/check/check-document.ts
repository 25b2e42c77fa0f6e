/** Finds the mistakes of a document without AWS and without running it. */

import { readJson } from "../../base/read-json";
import { asDocument, asJson, type StatesDocument } from "../document";
import { findOtherBuckets } from "./buckets";
import { findDeadPaths } from "./data/data-paths";
import { findLargeDefinition } from "./definition-size";
import { findBadNames } from "./duplicate-names";
import { findErrorNameMistakes } from "./error-names";
import { findGrammarMistakes } from "./grammar";
import { findLongHistories } from "./history-limit";
import { findIntegrationMistakes } from "./integrations";
import { findBatchMistakes } from "./jobs/batch-request";
import { findParameterMistakes } from "./jobs/job-parameters";
import { findQueueMistakes } from "./jobs/job-queue";
import { findSizeMistakes } from "./jobs/job-sizes";
import { findSubmissionMistakes } from "./jobs/job-submission";
import { findSecretTexts } from "./jobs/secret-texts";
import { jsonFinding } from "./json-text";
import { findJsonataMistakes } from "./jsonata";
import { findNotLocal } from "./local-run";
import { findLostTokens } from "./lost-tokens";
import { findMapModeMistakes } from "./map-modes";
import { findObjectLoops } from "./object-loops";
import { inPlace } from "./place";
import { findPlaceholderMistakes } from "./placeholders";
import type { Finding, Problem } from "./problem";
import { findS3Mistakes } from "./s3-requests";
import { findBrokenStructure } from "./structure";
import { type CheckInput, type Subject, subjectOf } from "./subject";
import { findSwallowedErrors } from "./swallowed-errors";
import { findLostStates } from "./transitions";
import { findVariableMistakes } from "./variables/variable-rules";
import { findEndlessWaits, findLateHeartbeats } from "./wait-times";

export type { Problem } from "./problem";
export type { CheckInput } from "./subject";

/** The rules, by subject. */
const RULES: Readonly<Record<string, (subject: Subject) => Iterable<Finding>>> = {
  grammar: findGrammarMistakes,
  mapModes: findMapModeMistakes,
  errorNames: findErrorNameMistakes,
  names: findBadNames,
  placeholders: findPlaceholderMistakes,
  transitions: findLostStates,
  swallowedErrors: findSwallowedErrors,
  waits: findEndlessWaits,
  heartbeats: findLateHeartbeats,
  tokens: findLostTokens,
  jsonata: findJsonataMistakes,
  variables: findVariableMistakes,
  paths: findDeadPaths,
  batchRequests: findBatchMistakes,
  s3Requests: findS3Mistakes,
  jobParameters: findParameterMistakes,
  jobQueues: findQueueMistakes,
  jobSizes: findSizeMistakes,
  jobSubmissions: findSubmissionMistakes,
  secretTexts: findSecretTexts,
  integrations: findIntegrationMistakes,
  localRun: findNotLocal,
  buckets: findOtherBuckets,
  objectLoops: findObjectLoops,
  history: findLongHistories,
};

/** A rule stops after this many problems. More would take minutes to find and help no reader. */
const MOST_OF_A_RULE = 1000;

/** Returns the problems of a document in the order of their places. Each rule reports its first thousand. */
export function check(input: CheckInput): Problem[] {
  const document = asJson(input.document);
  const broken = findBrokenStructure(document);
  if (broken.length > 0) return inPlace(broken, document);
  const subject = subjectOf(input);
  return inPlace(
    Object.values(RULES).flatMap((find) => [...first(MOST_OF_A_RULE, find(subject))]),
    document,
  );
}

/** Parses the text of a document. Reports its size, JSON mistakes by line and column, or a broken structure. */
export function parseDocument(text: string): { document: StatesDocument } | { problems: Problem[] } {
  const large = findLargeDefinition(text);
  if (large.length > 0) return { problems: inPlace(large, null) };
  const read = readJson(text);
  // A text that is not JSON has no other places.
  if ("mistakes" in read) return { problems: inPlace(read.mistakes.map(jsonFinding), null) };
  const broken = findBrokenStructure(read.value);
  return broken.length > 0 ? { problems: inPlace(broken, read.value) } : { document: asDocument(read.value) };
}

function* first<T>(most: number, all: Iterable<T>): Generator<T, void, undefined> {
  let count = 0;
  for (const one of all) {
    if (count++ === most) return;
    yield one;
  }
}
