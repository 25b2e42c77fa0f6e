/** Plans all stacks, and writes the changes of a deploy as one comment for a pull request. */
import { join } from "node:path";
import { UsageError } from "../base/errors";
import { writeOutput } from "../base/output-file";
import { describeProblem } from "../project/file-problem";
import { loadSettings } from "../project/load-settings";
import { secretsIn } from "../project/secrets";
import type { Settings } from "../project/settings-types";
import { checkWorkflow } from "../project/workflow-files";
import { writeComment, writeDrift } from "../review/comment";
import { hasDrift } from "../review/drift";
import { type Plan, type ResourceChange, readPlan } from "../review/plan";
import { EXECUTIONS_COUNTED, type Review, type RunningExecutions, type StackReview } from "../review/review-types";
import { concealing, isWithin } from "../review/values";
import { changedFiles, type PlanOptions, planStack, removeLeftovers } from "../terraform/plans";
import { synthesizedStacks, synthesizeStacks } from "../terraform/synthesis";
import type { Values } from "./define-command";
import type { REVIEW } from "./flags";
import { refuseLostState } from "./lifecycle/preflight";
import { sayWritten } from "./printing";
import type { AwsAccess, Project, Terminal, TerraformRunner } from "./session";
import { untilInterrupted } from "./until-interrupted";

type ReviewFlags = Values<typeof REVIEW>;
type ReviewSession = Project & Terminal & AwsAccess & TerraformRunner;

/** Git and Terraform. Tests give their own. */
export interface Tools {
  readonly removeLeftovers: typeof removeLeftovers;
  readonly synthesizeStacks: typeof synthesizeStacks;
  readonly stackNames: () => readonly string[];
  readonly planStack: typeof planStack;
  readonly changedFiles: typeof changedFiles;
}

const TOOLS: Tools = {
  removeLeftovers,
  synthesizeStacks,
  stackNames: () => synthesizedStacks().map(({ name }) => name),
  planStack,
  changedFiles,
};

/** Name of the failed stack if the stacks are not known yet. */
const ANY_STACK = ["all stacks"];
const BASE = "origin/main";
const IMAGES = ["docker_image", "docker_registry_image"];

/**
 * Writes the comment. Returns 0 if nothing would change, 2 if something would change, 1 if a plan failed. With `drift`, only
 * changes made outside Terraform count.
 */
export async function review(options: ReviewFlags, session: ReviewSession, tools = TOOLS): Promise<number> {
  const { environment, context, stderr } = session;
  const settings = loadSettings(environment, context);
  refuseLostState("review", settings, environment);
  const interrupted = () => {
    stderr.write("interrupted: nothing was written\n");
    return 1;
  };
  return untilInterrupted(session, (signal) => reviewUntil(signal, settings, options, session, tools), interrupted);
}

// --- internal ---

async function reviewUntil(
  signal: AbortSignal,
  settings: Settings,
  options: ReviewFlags,
  session: ReviewSession,
  tools: Tools,
): Promise<number> {
  const { environment, stdout, exclusively } = session;
  const planning: PlanOptions = { environment, refresh: options.refresh, plans: options.plan ?? null, signal };
  const { problems } = checkWorkflow(settings, { local: false });
  // The synth would fail with the same problems.
  const isRefused = options.plan === undefined && problems.some(({ severity }) => severity === "error");
  const stacks = isRefused
    ? (options.stack ?? ANY_STACK).map((stack) => ({
        stack,
        plan: null,
        failure: "the workflow has errors: see Check",
      }))
    : // Exclusive, because it writes `cdktf.out`, which a deploy may be using.
      await exclusively(() => reviewStacks(options, planning, tools, session));
  const comment = options.drift
    ? writeDrift({ ...settings, stacks })
    : writeComment({
        ...settings,
        stacks,
        running: await runningExecutions(stacks, settings, session),
        image: await imageChanges(stacks, settings, options.base, planning, tools),
        problems: problems.map(describeProblem),
      });
  if (options.output === undefined) stdout.write(comment);
  else {
    await writeOutput({ option: "--output", path: options.output, force: options.force }, comment);
    sayWritten("review", options.output, session);
  }
  if (stacks.some(({ failure }) => failure !== null)) return 1;
  const isFound = (plan: Plan) => (options.drift ? hasDrift(plan) : plan.changes);
  return plansOf(stacks).some(isFound) ? 2 : 0;
}

/** @throws UsageError if a stack does not exist */
async function reviewStacks(
  { stack: wanted, plan: plans }: ReviewFlags,
  planning: PlanOptions,
  tools: Tools,
  { environment, stderr }: ReviewSession,
): Promise<StackReview[]> {
  const secrets = secretsIn(environment);
  tools.removeLeftovers();
  // Saved plans belong to the stacks that are in cdktf.out.
  if (plans === undefined) {
    try {
      await tools.synthesizeStacks(planning.environment, planning.signal);
    } catch (error) {
      planning.signal.throwIfAborted();
      return (wanted ?? ANY_STACK).map((stack) => failed(stack, error, secrets));
    }
  }
  const all = tools.stackNames();
  const unknown = wanted?.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new UsageError(`there is no stack \`${unknown}\`; the stacks are ${all.join(", ")}`);
  const reviewed: StackReview[] = [];
  for (const stack of all.filter((name) => wanted === undefined || wanted.includes(name))) {
    stderr.write(`${plans === undefined ? "planning" : "reading the plan of"} ${stack}\n`);
    try {
      const json = await tools.planStack(stack, planning);
      reviewed.push({ stack, plan: readNamed(json, plans && join(plans, `${stack}.tfplan`), secrets), failure: null });
    } catch (error) {
      planning.signal.throwIfAborted();
      reviewed.push(failed(stack, error, secrets));
    }
  }
  return reviewed;
}

/** Reads a plan. @throws UsageError that names the file of a saved plan */
function readNamed(json: unknown, file: string | undefined, secrets: readonly string[]): Plan {
  try {
    return readPlan(json, secrets);
  } catch (cause) {
    if (file === undefined) throw cause;
    throw new UsageError(`${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function failed(stack: string, error: unknown, secrets: readonly string[]): StackReview {
  const text = concealing(null, secrets)((error as Error).message);
  // Docker's messages contain the password of a registry, as one long word.
  return { stack, plan: null, failure: text.replace(/[\w+/=.-]{120,}/g, "(sensitive value)") };
}

/** Counts the running executions of each state machine that is changed or deleted. */
async function runningExecutions(
  stacks: readonly StackReview[],
  { region }: Settings,
  { loadAws }: AwsAccess,
): Promise<RunningExecutions[]> {
  const machines = plansOf(stacks).flatMap((plan) =>
    plan.resources.flatMap((resource) => {
      const { type, action, address, change, isDeposed } = resource;
      const { arn } = (change.before ?? {}) as { arn?: string };
      if (type !== "aws_sfn_state_machine" || isDeposed || arn === undefined) return [];
      if (!meetsExecutions(action) || changesTagsOnly(resource)) return [];
      return [{ arn, action, address: plan.conceal(address) }];
    }),
  );
  return Promise.all(
    machines.map(async ({ arn, ...machine }) => {
      try {
        const aws = await loadAws();
        const running = await aws.listExecutions(aws.connect(region), arn, {
          status: "RUNNING",
          max: EXECUTIONS_COUNTED,
        });
        return { ...machine, count: running.length };
      } catch {
        // The right to plan does not include the right to list executions.
        return { ...machine, count: null };
      }
    }),
  );
}

function meetsExecutions(action: string): action is RunningExecutions["action"] {
  return ["update", "replace", "delete"].includes(action);
}

function changesTagsOnly({ action, attributes }: ResourceChange): boolean {
  const isTag = (path: string) => isWithin(path, "tags") || isWithin(path, "tags_all");
  return action === "update" && attributes.length > 0 && attributes.every(({ path }) => isTag(path));
}

async function imageChanges(
  stacks: readonly StackReview[],
  { jobs }: Settings,
  base: string | undefined,
  planning: PlanOptions,
  tools: Tools,
): Promise<Review["image"]> {
  const changed = plansOf(stacks).some(({ resources }) =>
    resources.some(({ type, action }) => IMAGES.includes(type) && !["no-op", "read", "delete"].includes(action)),
  );
  if (!changed) return null;
  const folders = [...new Set(Object.values(jobs).flatMap(({ image }) => image ?? []))];
  const lines = await tools.changedFiles(folders, base ?? BASE, planning);
  if (lines === null && base !== undefined) {
    throw new UsageError(`\`--base\` must be a commit or branch that git knows here, got: ${base}`);
  }
  return lines === null ? { base: null, lines: [] } : { base: base ?? BASE, lines };
}

function plansOf(stacks: readonly StackReview[]): Plan[] {
  return stacks.flatMap(({ plan }) => (plan === null ? [] : [plan]));
}
