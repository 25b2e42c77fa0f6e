/** Follows executions on AWS and prints their logs, with any answers of AWS. */
import fc from "fast-check";
import { FakeClock } from "../../scripts/demo/fake-clock";
import * as store from "../../src/aws/bucket-store";
import * as clients from "../../src/aws/clients";
import * as emptying from "../../src/aws/empty-bucket";
import * as executions from "../../src/aws/executions";
import * as failures from "../../src/aws/failures";
import * as jobTask from "../../src/aws/job-task";
import * as watching from "../../src/aws/watch-execution";
import type { Aws } from "../../src/cli/aws";
import type { ExecutionEvent } from "../../src/execution/events";
import { CONTEXT } from "../example";
import { EXECUTION, fakeAws } from "../src/aws/fake-aws";
import { DOCUMENT, execution } from "../src/cli/scene";
import { type AwsCase, awsCase, fakeExecution } from "./aws-answers";
import { runCommand } from "./command";
import { sessionFaults } from "./properties";
import { type Target, target } from "./target";

const COMMANDS = {
  watch: ["watch", EXECUTION, "--timeout", "300"],
  "watch --json": ["watch", EXECUTION, "--timeout", "300", "--json"],
  "watch --quiet": ["watch", EXECUTION, "--timeout", "300", "--quiet"],
  logs: ["logs", EXECUTION],
  "logs --failed --json": ["logs", EXECUTION, "--failed", "--json"],
} as const;

interface Case extends AwsCase {
  readonly command: keyof typeof COMMANDS;
  /** The time at which the command starts. */
  readonly from: number;
}

export const aws: Target = target<Case>({
  name: "aws",
  share: 5,
  seconds: 5,
  cases: fc
    .tuple(
      awsCase,
      fc.constantFrom(...(Object.keys(COMMANDS) as (keyof typeof COMMANDS)[])),
      fc.constantFrom(0, 5000, 1e9),
    )
    .map(([one, command, from]) => ({ ...one, command, from })),
  files: ({ command, ...answers }) => ({ "answers.json": JSON.stringify(answers, null, 2), command: `${command}\n` }),
  run: async (one) => {
    const clock = new FakeClock(one.from);
    const fake = fakeAws(clock, fakeExecution(one));
    const events: ExecutionEvent[] = [];
    const loadAws = async (): Promise<Aws> =>
      ({
        ...clients,
        ...failures,
        ...executions,
        ...watching,
        ...emptying,
        ...store,
        ...jobTask,
        connect: () => fake.aws,
        findExecution: async () => execution("run", "RUNNING"),
        stateMachineStatus: async () => "ACTIVE",
        executionDefinition: async () => DOCUMENT,
        stateMachineDefinition: async () => DOCUMENT,
        watchExecution: (connected, arn, options) =>
          watching.watchExecution(connected, arn, {
            ...options,
            emit: (event) => {
              events.push(event);
              options.emit(event);
            },
          }),
      }) satisfies Aws;
    const session = await runCommand(COMMANDS[one.command], { context: CONTEXT, clock, loadAws });
    return [
      ...sessionFaults(session, one.command.endsWith("--json") && session.stdout !== "" ? "json" : "text"),
      ...(events.length > 5000 ? ["more events than the history can give"] : []),
    ];
  },
});
