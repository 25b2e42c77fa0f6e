/** Counts how recorded executions end here. */
import type { Json } from "../../src/base/json";

/** The counted parts of a recorded execution. */
export interface ExecutionRecord {
  readonly id: string;
  readonly class: string;
  readonly definition: Json;
  readonly status: string;
}

/** An execution that ends here otherwise than on AWS. `words`: only its cause differs. */
export interface Difference {
  readonly id: string;
  readonly class: string;
  readonly verdict: (typeof VERDICTS)[number];
}

const VERDICTS = ["words", "different", "refused", "crashed"] as const;

/** The classes that have to be equal, and the smallest share of each that has to be. */
const PROVEN_CLASSES = ["pure", "mock", "distributed"];
const LEAST_SHARE = 0.97;

/** Returns one row per class: the executions recorded, and how many have each verdict. */
export function tableOf(records: readonly ExecutionRecord[], differences: readonly Difference[]): string {
  const rows = [...new Set(records.map((record) => record.class))].toSorted().map((name) => {
    const { recorded, equal } = countsOf(name, records, differences);
    const ofClass = differences.filter((difference) => difference.class === name);
    const others = VERDICTS.map((verdict) => ofClass.filter((difference) => difference.verdict === verdict).length);
    const share = `${((100 * equal) / recorded).toFixed(1)} %`;
    return [name, recorded, equal, ...others, share];
  });
  return [["class", "recorded", "equal", ...VERDICTS, "share"], ...rows]
    .map(([name, ...cells]) => `${String(name).padEnd(14)}${cells.map((cell) => String(cell).padStart(11)).join("")}`)
    .join("\n");
}

/** Returns the reasons why the recordings are not met; none if they are. */
export function shortcomings(records: readonly ExecutionRecord[], differences: readonly Difference[]): string[] {
  const proven = PROVEN_CLASSES.filter((name) => records.some((record) => record.class === name));
  return proven.flatMap((name) => {
    const { recorded, equal } = countsOf(name, records, differences);
    const refused = differences.filter((one) => one.class === name && one.verdict === "refused").length;
    return [
      ...(equal < LEAST_SHARE * recorded
        ? [`class ${name}: ${equal} of ${recorded} executions are equal, fewer than ${LEAST_SHARE * 100} %`]
        : []),
      ...(refused > 0 ? [`class ${name}: ${refused} executions are refused here`] : []),
    ];
  });
}

/** Returns the ids of the differences whose tests a page does not name. */
export function unnamed(differences: readonly Difference[], page: string): string[] {
  return differences.map(({ id }) => id).filter((id) => !page.includes(`\`${testOf(id)}\``));
}

// --- internal ---

/** Returns the name of the test that recorded an execution, such as `test_stop_execution`. */
function testOf(id: string): string | undefined {
  return /::(test_\w+)(?:\[.*\])?#[^#]*$/.exec(id)?.[1];
}

function countsOf(name: string, records: readonly ExecutionRecord[], differences: readonly Difference[]) {
  const recorded = records.filter((record) => record.class === name).length;
  return { recorded, equal: recorded - differences.filter((one) => one.class === name).length };
}
