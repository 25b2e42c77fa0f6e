import type { StatesDocument } from "../../../src/asl/document";

const block = (name: string, state: object) => ({ StartAt: name, States: { [name]: state } });
const task = { Type: "Task", Resource: "r", End: true };

/** The Task `job` in the Map `inner` in the Map `outer`. */
export const NESTED_MAPS = block("outer", {
  Type: "Map",
  ItemProcessor: block("inner", { Type: "Map", ItemProcessor: block("job", task), End: true }),
  End: true,
}) as unknown as StatesDocument;
