/** The report of one execution, from its events alone: the same for a run here and on AWS but for times, ids and place. */
export { collectReport } from "./report/collect";
export { toCsv } from "./report/csv";
export { toHtml } from "./report/html";
export { toJson } from "./report/json";
