/** Reviews plans. The comment must be Markdown that GitHub accepts, with any text of Terraform and of people. */
import fc from "fast-check";
import { UsageError } from "../../src/base/errors";
import { REVIEW } from "../../src/cli/flags";
import { review, type Tools } from "../../src/cli/review-run";
import { LONGEST_COMMENT } from "../../src/review/comment";
import { CONTEXT } from "../example";
import { scene } from "../src/cli/scene";
import { valuesOf } from "../terminal";
import { observe } from "./command";
import { planText } from "./plans";
import { markdownFaults, sessionFaults } from "./properties";
import { type Target, target } from "./target";
import { hostileText } from "./texts";

interface Case {
  readonly plans: readonly string[];
  /** The failure of the second stack, instead of a plan. */
  readonly failure: string | null;
  readonly files: readonly string[];
}

export const plans: Target = target<Case>({
  name: "plans",
  share: 8,
  seconds: 5,
  cases: fc.record<Case>({
    plans: fc.array(planText, { minLength: 1, maxLength: 2 }),
    failure: fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: hostileText }),
    files: fc.array(hostileText, { maxLength: 2 }),
  }),
  files: (one) => ({
    ...Object.fromEntries(one.plans.map((plan, index) => [`plan-${index}.json`, plan])),
    command: "review --plan <folder>\n",
  }),
  run: async (one) => {
    const names = ["image", "workflow"].slice(0, one.plans.length);
    const tools: Tools = {
      removeLeftovers: () => {},
      synthesizeStacks: async () => {},
      stackNames: () => names,
      planStack: async (stack) => {
        if (one.failure !== null && stack === names.at(-1)) throw new UsageError(one.failure);
        return JSON.parse(one.plans[names.indexOf(stack)]!);
      },
      changedFiles: async () => [...one.files],
    } as Partial<Tools> as Tools;
    const { session: account } = scene();
    const session = await observe({ context: CONTEXT, loadAws: account.loadAws }, (around) =>
      review(valuesOf(REVIEW, { plan: "plans" }), around, tools),
    );
    const { stdout } = session;
    return [
      ...sessionFaults(session),
      ...(stdout === "" ? ["there is no comment"] : markdownFaults(stdout)),
      ...(Buffer.byteLength(stdout) > LONGEST_COMMENT ? ["the comment is longer than GitHub takes"] : []),
    ];
  },
});
