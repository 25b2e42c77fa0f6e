import { join } from "node:path";

/** The root of the project. Paths in settings are relative to it. */
export const PROJECT_FOLDER = join(__dirname, "..", "..");
