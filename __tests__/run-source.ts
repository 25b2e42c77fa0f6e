import type { RunSource } from "../src/local/runs/run-head";

/** A run that was started in a folder, with a document from elsewhere. */
export const SOURCE: RunSource = {
  document: "/x/their.asl.json",
  folder: "/x",
  engine: "auto",
  images: [],
  mock: null,
};
