/** The report of one execution. Local runs and runs on AWS differ only in times, ids and place. */
export { collectReport } from "./collect";
export { toHtml } from "./html";
export { toCsv } from "./to-csv";
export { toJson } from "./to-json";
