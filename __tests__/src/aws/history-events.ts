/** Histories as AWS gives them, written short. */
import type { HistoryEvent } from "@aws-sdk/client-sfn";
import type { ExecutionEvent } from "../../../src/execution/events";

export type HistoryRow = readonly [id: number, previousEventId: number, type: string, details?: object];

/** Event n happens n seconds after 1970. */
export function historyOf(rows: readonly HistoryRow[]): HistoryEvent[] {
  return rows.map(
    ([id, previousEventId, type, details]) =>
      ({
        id,
        previousEventId,
        type,
        timestamp: new Date(id * 1000),
        ...(details === undefined ? {} : { [detailsField(type)]: details }),
      }) as HistoryEvent,
  );
}

/** An event in a line: its type, its place, and what else there is to it. */
export function told(event: ExecutionEvent): string {
  const { at, type, ...rest } = event as ExecutionEvent & { state?: string; indices?: number[] };
  const { state, indices, ...facts } = rest as { state?: string; indices?: number[] } & Record<string, unknown>;
  const place = state === undefined ? [] : [state + indices!.map((index) => `[${index}]`).join("")];
  const others = Object.values(facts).filter((fact) => fact !== null);
  return [type, ...place, ...others.map((fact) => (typeof fact === "string" ? fact : JSON.stringify(fact)))].join(" ");
}

function detailsField(type: string): string {
  if (type.endsWith("StateEntered")) return "stateEnteredEventDetails";
  if (type.endsWith("StateExited")) return "stateExitedEventDetails";
  return `${type[0]!.toLowerCase()}${type.slice(1)}EventDetails`;
}
