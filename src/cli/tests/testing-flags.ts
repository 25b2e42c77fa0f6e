import { toggle, valued } from "../define-command";
import { FORCE, output } from "../flags";

export const TESTING = {
  filter: valued("text", "run only the cases whose name has this text"),
  json: toggle("print the results as one JSON document"),
  junit: output("write the results as JUnit XML, which CI services show", ".xml"),
  force: FORCE,
  watch: toggle("run again when a file changes, until Ctrl-C", { conflicts: ["json"] }),
};
