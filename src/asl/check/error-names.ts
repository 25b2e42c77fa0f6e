import { isObject, type Json } from "../../base/json";
import { editDistance, nearest, suggest } from "../../base/suggest";
import { jsonataIn } from "../query-language";
import { error, type Finding, warning } from "./problem";
import type { Subject } from "./subject";

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
const STATES_ERRORS = [
  ...["States.ALL", "States.BranchFailed", "States.DataLimitExceeded", "States.ExceedToleratedFailureThreshold"],
  ...["States.HeartbeatTimeout", "States.Http.Socket", "States.IntrinsicFailure", "States.ItemReaderFailed"],
  ...["States.NoChoiceMatched", "States.ParameterPathFailure", "States.Permissions", "States.QueryEvaluationError"],
  ...["States.ResultPathMatchFailure", "States.ResultWriterFailed", "States.Runtime", "States.TaskFailed"],
  ...["States.Timeout"],
];

/**
 * The errors of Batch's API and of AWS's client for it.
 *
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html#API_SubmitJob_Errors
 */
const BATCH_ERRORS = [
  ...["Batch.AWSBatchException", "Batch.BatchException", "Batch.ClientException", "Batch.SdkClientException"],
  ...["Batch.ServerException", "Batch.TooManyRequestsException"],
];

/**
 * The errors of Lambda's API, of AWS's client for it, and of Step Functions for a function.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html (transient Lambda service exceptions)
 */
const LAMBDA_ERRORS = [
  "Lambda.Unknown",
  ...(
    "AWSLambda ClientExecutionTimeout EC2AccessDenied EC2Throttled EC2Unexpected EFSIO EFSMountConnectivity EFSMountFailure " +
    "EFSMountTimeout ENILimitReached InvalidParameterValue InvalidRequestContent InvalidRuntime InvalidSecurityGroupID " +
    "InvalidSubnetID InvalidZipFile KMSAccessDenied KMSDisabled KMSInvalidState KMSNotFound RecursiveInvocation RequestTooLarge " +
    "ResourceConflict ResourceNotFound ResourceNotReady SdkClient Service SnapStart SnapStartNotReady SnapStartTimeout " +
    "SubnetIPAddressLimitReached TooManyRequests UnsupportedMediaType"
  )
    .split(" ")
    .map((name) => `Lambda.${name}Exception`),
];

/** Finds error names that nothing raises, and a `States.ALL` that AWS rejects. */
export function* findErrorNameMistakes({ states }: Subject): Generator<Finding, void, undefined> {
  const raised = states.flatMap(({ state }) => (typeof state.Error === "string" ? [state.Error] : []));
  for (const { state, pointer } of states) {
    for (const field of ["Retry", "Catch"]) {
      const rules = state[field];
      if (Array.isArray(rules)) yield* checkRules(rules, `${pointer}/${field}`, field, raised);
    }
  }
}

// --- internal ---

function* checkRules(
  rules: readonly Json[],
  pointer: string,
  field: string,
  raised: readonly string[],
): Generator<Finding, void, undefined> {
  for (const [index, rule] of rules.entries()) {
    const names = isObject(rule) && Array.isArray(rule.ErrorEquals) ? rule.ErrorEquals : [];
    const here = `${pointer}/${index}/ErrorEquals`;
    for (const [place, name] of names.entries()) {
      // A Fail state may compute its error by an expression that contains the name.
      if (typeof name !== "string" || raised.some((text) => text.includes(name))) continue;
      const mistake = mistakeIn(name);
      if (mistake === null) continue;
      const message = `${field}[${index}] lists ${name}, which is not an error name of ${mistake.of}`;
      yield warning("error-name", `${here}/${place}`, message, mistake.fix);
    }
    if (!names.includes("States.ALL")) continue;
    if (names.length > 1) {
      const message = `${field}[${index}].ErrorEquals must not combine States.ALL with other names, got: ${names.join(", ")}`;
      yield error("error-order", here, message, "remove the other names, which States.ALL includes");
    } else if (index < rules.length - 1) {
      const message = `${field}[${index}] must be the last item, because it contains States.ALL`;
      yield error("error-order", here, message, `move it to the end of ${field}`);
    }
  }
}

/** HTTP tasks raise the status code of the answer. */
const HTTP_STATUS = /^States\.Http\.StatusCode\.\d{3}$/;

/** Returns the mistake in an error name; `null` for a known name and for a name that a program may raise. */
function mistakeIn(name: string): { of: string; fix: string } | null {
  if (jsonataIn(name) !== null || /^\$\$?\./.test(name)) {
    return { of: "any task", fix: "write the name itself: AWS evaluates nothing in ErrorEquals" };
  }
  if (name.startsWith("States.")) {
    if (STATES_ERRORS.includes(name) || HTTP_STATUS.test(name)) return null;
    return { of: "Step Functions", fix: suggest(name, STATES_ERRORS, "errors") };
  }
  const [owner = ""] = name.split(".", 1);
  if (isLike(owner, "States", 1)) return misspelt(name, STATES_ERRORS, "Step Functions");
  if (isLike(owner, "Batch", 1)) return misspelt(name, BATCH_ERRORS, "Batch");
  if (isLike(owner, "Lambda", 1)) return misspelt(name, LAMBDA_ERRORS, "Lambda");
  return null;
}

/** The names of a service are not a complete list, so only a name that is close to one of them is a mistake. */
function misspelt(name: string, known: readonly string[], of: string): { of: string; fix: string } | null {
  const meant = known.includes(name) ? null : nearest(name, known);
  return meant !== null && isLike(name, meant, 3) ? { of, fix: `did you mean ${meant}?` } : null;
}

function isLike(name: string, other: string, mistakes: number): boolean {
  if (Math.abs(name.length - other.length) > mistakes) return false;
  return editDistance(name.toLowerCase(), other.toLowerCase(), mistakes + 1) <= mistakes;
}
