import { UsageError } from "../../base/errors";
import { toggle, valued } from "../define-command";
import { ANYWHERE, output } from "../flags";

export const TESTING = {
  filter: valued("text", "run only the cases whose name has this text"),
  json: toggle("print the results as one JSON document"),
  junit: output("write the results as JUnit XML, which CI services show", ".xml"),
  minCoverage: {
    ...valued("percent", "fail if the cases reach fewer of the states and branches", percent),
    conflicts: ["filter"],
  },
  watch: toggle("run again when a file changes, until Ctrl-C", { conflicts: ["json"] }),
  record: {
    ...valued("execution", "write an execution that has ended as a case: its name, its ARN or latest"),
    conflicts: ["filter", "json", "junit", "minCoverage", "watch"],
  },
  ...ANYWHERE,
  force: toggle("overwrite a file that no `workflow` command made, or with --record the case of the same name"),
};

// --- internal ---

function percent(text: string, name: string): number {
  if (/^\d{1,3}(?:\.\d{1,9})?$/.test(text) && Number(text) <= 100) return Number(text);
  throw new UsageError(`\`${name}\` must be a number from 0 to 100, got: ${JSON.stringify(text)}`);
}
