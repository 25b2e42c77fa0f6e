/** Generates the comments in docs/examples from the Terraform plans in scripts/demo/plans. `npm run docs` writes them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "../src/base/output-file";
import { PROJECT_FOLDER } from "../src/project/project-folder";
import { writeComment } from "../src/review/comment";
import { readPlan } from "../src/review/plan";
import type { Review } from "../src/review/review-types";

const PLANS = join(PROJECT_FOLDER, "scripts", "demo", "plans");

const MACHINE = "aws_sfn_state_machine.state-machine_77B0DFEF";

/** The parts of each comment that do not come from plans, by the name of the example. */
const EXAMPLES: Readonly<Record<string, Partial<Review>>> = {
  first: { image: { base: null, lines: [] } },
  unchanged: {},
  image: { image: { base: "origin/main", lines: [" image/echo.sh | 1 +", " 1 file changed, 1 insertion(+)"] } },
  document: { running: [{ address: MACHINE, action: "update", count: 2 }] },
  widened: {},
  narrowed: {},
  compute: {},
  job: {},
  outside: {},
  "outside-changed": { running: [{ address: MACHINE, action: "update", count: 2 }] },
  "outside-gone": {},
  destroyed: { running: [{ address: MACHINE, action: "delete", count: 1 }] },
  both: {
    image: { base: "origin/main", lines: [" image/echo.sh | 1 +", " 1 file changed, 1 insertion(+)"] },
    problems: ["workflow/echo.asl.json:12:5: warning: step1: has no Retry for States.Timeout; add one"],
  },
  large: {},
  secrets: {},
  failed: {},
};

const FAILURE = `Error: reading data.aws_caller_identity: api error AccessDeniedException

  with data.aws_caller_identity.deployment_caller_0D3CE255,
  on cdk.tf.json line 32, in data.aws_caller_identity.deployment_caller_0D3CE255:
  32:       }`;

/** Returns the content of each example, by path. */
export function exampleComments(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(EXAMPLES).map(([name, more]) => [`docs/examples/${name}.md`, exampleComment(name, more)]),
  );
}

/** Returns the plans of an example, in the order of a deployment. */
export function examplePlans(name: string): { stack: string; json: unknown }[] {
  const folder = join(PLANS, name);
  const files = existsSync(folder) ? readdirSync(folder).sort() : [];
  return files.map((file) => ({
    stack: file.replace(/\.plan$/, ""),
    json: JSON.parse(readFileSync(join(folder, file), "utf8")) as unknown,
  }));
}

function exampleComment(name: string, more: Partial<Review>): string {
  const planned = examplePlans(name === "failed" ? "image" : name).map(({ stack, json }) => ({
    stack,
    plan: readPlan(json),
    failure: null,
  }));
  const failed = { stack: "workflow", plan: null, failure: FAILURE };
  const stacks = name === "failed" ? [planned[0]!, failed] : planned;
  const base = { name: "echo", environment: "review", region: "eu-west-1", running: [], image: null, problems: [] };
  return writeComment({ ...base, stacks, ...more });
}

if (require.main === module) {
  for (const [path, content] of Object.entries(exampleComments())) replaceFile(join(PROJECT_FOLDER, path), content);
}
