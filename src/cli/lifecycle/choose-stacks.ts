/** The stacks that a command takes, by the names and patterns that the user gave. */
import { UsageError } from "../../base/errors";
import { DATA_STACK } from "../../project/names";
import type { SynthesizedStack } from "../../terraform/synthesis";
import type { LifecycleCommand, LifecycleRequest } from "./lifecycle-flags";

/**
 * Returns the names of the stacks, in the order of their dependencies.
 * @throws UsageError if a stack does not exist, or one that it depends on is left out
 */
export function chooseStacks(
  command: LifecycleCommand,
  request: LifecycleRequest,
  all: readonly SynthesizedStack[],
): readonly string[] {
  const names = all.map(({ name }) => name);
  const unknown = request.stacks.find((wanted) => !names.some((name) => matches(wanted, name)));
  if (unknown !== undefined)
    throw new UsageError(`there is no stack \`${unknown}\`; the stacks are ${names.join(", ")}`);
  const chosen = names.filter((name) => takes(command, name, request));
  if (command === "diff" || request.ignoreMissingStackDependencies) return chosen;
  for (const { name, dependencies } of all) {
    for (const needed of dependencies) {
      const [first, second] = command === "deploy" ? [name, needed] : [needed, name];
      if (!chosen.includes(first) || chosen.includes(second)) continue;
      const relation = command === "deploy" ? "needs" : "is needed by";
      throw new UsageError(
        `\`${first}\` ${relation} \`${second}\`; name both, or give \`--ignore-missing-stack-dependencies\``,
      );
    }
  }
  return chosen;
}

/** Returns whether a command takes a stack. A destroy takes the bucket for data only with `--data`. */
export function takes(command: LifecycleCommand, stack: string, request: LifecycleRequest): boolean {
  const leavesData = command === "destroy" && stack === DATA_STACK && !request.data;
  return isNamed(stack, request) && !leavesData;
}

/** Returns whether the names and patterns of a request include a stack. */
export function isNamed(stack: string, { stacks }: LifecycleRequest): boolean {
  return stacks.length === 0 || stacks.some((wanted) => matches(wanted, stack));
}

// --- internal ---

/** In a pattern, `*` matches any text. */
function matches(pattern: string, stack: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(stack);
}
