import { join } from "node:path";

/** The root of the project. Paths in settings are relative to it. */
export const PROJECT_FOLDER = join(__dirname, "..", "..");

/** The files of the bucket of a local run: `data/in/a.csv` is `s3://<bucket>/in/a.csv`. */
export const DATA_FOLDER = join(PROJECT_FOLDER, "data");
