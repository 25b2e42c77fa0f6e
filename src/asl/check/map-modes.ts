import { asObject, type JsonObject } from "../../base/json";
import { calledDirectly, integrationOf } from "../integration";
import { isDistributed, mapConfig } from "../map-mode";
import { error, type Finding, warning } from "./problem";
import type { CheckedState, Subject } from "./subject";

const FAILS_AT_ONCE = "the first failed item fails it";

/** The reasons why fields that AWS accepts in an inline Map have no effect. LocalStack recorded the failures in 2025. */
const IGNORED_INLINE: Readonly<Record<string, string>> = {
  Label: "has no Map Run to name",
  ToleratedFailureCount: FAILS_AT_ONCE,
  ToleratedFailureCountPath: FAILS_AT_ONCE,
  ToleratedFailurePercentage: FAILS_AT_ONCE,
  ToleratedFailurePercentagePath: FAILS_AT_ONCE,
};

/** The fields that only a distributed Map has. @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html */
const DISTRIBUTED_FIELDS = ["ItemBatcher", "ItemReader", "ResultWriter", ...Object.keys(IGNORED_INLINE)];

/** The fix that makes a Map distributed. */
export const DISTRIBUTE =
  'add "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"} to the ItemProcessor';

/** Finds Maps with fields of the other mode, or with tasks that the executions of their items cannot run. */
export function* findMapModeMistakes({ states }: Subject): Generator<Finding, void, undefined> {
  for (const { name, state, pointer } of states.filter((one) => one.state.Type === "Map")) {
    const { mode, executionType, pointer: config } = mapConfig(state);
    const place = pointer + config;
    if (mode === "INLINE") {
      for (const field of DISTRIBUTED_FIELDS.filter((one) => state[one] !== undefined)) {
        yield onlyDistributed(`${pointer}/${field}`, field);
      }
      if (executionType !== undefined) yield onlyDistributed(`${place}/ExecutionType`, "ProcessorConfig.ExecutionType");
    }
    if (mode === "DISTRIBUTED") yield* findHeaderMistakes(state, `${pointer}/ItemReader/ReaderConfig`);
    if (mode === "DISTRIBUTED" && executionType === undefined) {
      const message = "ProcessorConfig.ExecutionType is missing; AWS requires it with Mode DISTRIBUTED";
      yield error("missing-field", place, message, 'add "ExecutionType": "STANDARD", or "EXPRESS"');
    } else if (mode === "DISTRIBUTED" && executionType === "EXPRESS") {
      yield* findNotExpress(
        states.filter((inner) => inner.pointer.startsWith(`${pointer}/`)),
        name,
      );
    }
  }
}

// --- internal ---

/**
 * Finds CSV files whose columns have no names.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
 */
function* findHeaderMistakes(state: JsonObject, pointer: string): Generator<Finding, void, undefined> {
  const { InputType, ManifestType, CSVHeaderLocation, CSVHeaders } = asObject(asObject(state.ItemReader).ReaderConfig);
  if (InputType === "CSV" && ManifestType === undefined && CSVHeaderLocation === undefined) {
    const message = "ReaderConfig.CSVHeaderLocation is missing; AWS requires it with InputType CSV";
    yield error("missing-field", pointer, message, 'add "CSVHeaderLocation": "FIRST_ROW", or "GIVEN" with CSVHeaders');
  }
  if (CSVHeaderLocation === "GIVEN" && CSVHeaders === undefined) {
    const message = "ReaderConfig.CSVHeaders is missing; AWS requires it with CSVHeaderLocation GIVEN";
    yield error("missing-field", pointer, message, "add CSVHeaders with the names of the columns");
  }
}

/**
 * Finds what EXPRESS executions cannot do. `inner` are the states inside a Map that starts them.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html
 */
function* findNotExpress(inner: readonly CheckedState[], map: string): Generator<Finding, void, undefined> {
  for (const { state, pointer } of inner) {
    const here = `here: the items of ${map} run as EXPRESS executions, which`;
    const fix = `set "ExecutionType": "STANDARD" in ${map}`;
    const suffix = state.Type === "Task" ? integrationOf(state.Resource)?.suffix : "";
    if (suffix) {
      const message = `Resource must not end in ${suffix} ${here} cannot wait for a task`;
      yield error("map-mode", `${pointer}/Resource`, message, fix);
    } else if (state.Type === "Task" && calledDirectly(state.Resource) === "activity") {
      yield error("map-mode", `${pointer}/Resource`, `Resource must not be an activity ${here} have none`, fix);
    } else if (isDistributed(state)) {
      const place = `${pointer}${mapConfig(state).pointer}/Mode`;
      yield error("map-mode", place, `Mode must not be DISTRIBUTED ${here} have no Map Runs`, fix);
    }
  }
}

function onlyDistributed(pointer: string, field: string): Finding {
  const why = IGNORED_INLINE[field];
  if (why !== undefined) {
    const message = `${field} has no effect: this Map is inline, and ${why}`;
    return warning("map-mode", pointer, message, `remove it, or ${DISTRIBUTE}`);
  }
  const message = `${field} is for distributed Maps only, but this Map is inline`;
  return error("map-mode", pointer, message, `remove it, or ${DISTRIBUTE}`);
}
