/** The report of one execution, from its events alone: the same for a run here and on AWS but for times, ids and place. */
export { collectReport } from "./collect";
export { toHtml } from "./html";
export { toCsv } from "./to-csv";
export { toJson } from "./to-json";
