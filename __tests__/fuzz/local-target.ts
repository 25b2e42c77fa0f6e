/** Runs local executions with a generated document, input and job behaviour, on a clock that never waits. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { jobDefinition } from "../../scripts/demo/example-job";
import { FakeClock } from "../../scripts/demo/fake-clock";
import { substitute } from "../../src/asl/substitution";
import { UsageError } from "../../src/base/errors";
import type { Json } from "../../src/base/json";
import { readInput } from "../../src/cli/execution-input";
import { VIEWS } from "../../src/cli/flags";
import { createViews, type Views } from "../../src/cli/views";
import type { ExecutionEvent } from "../../src/execution/events";
import { collectReport, toCsv, toHtml, toJson } from "../../src/execution/report/formats";
import { memoryStore } from "../../src/local/data/memory-store";
import type { Container, ContainerEnd, ContainerListener, ContainerSpec, Engine } from "../../src/local/engines/engine";
import { runLocally } from "../../src/local/run";
import type { SynthesizedWorkflow } from "../../src/local/synthesize";
import { loadSettings } from "../../src/project/load-settings";
import { loadWorkflow } from "../../src/project/workflow-files";
import { CONTEXT } from "../example";
import { valuesOf } from "../terminal";
import { observe } from "./command";
import {
  type DocumentCase,
  documentBytes,
  documentChanges,
  hostileDocument,
  tameDocument,
  wildDocument,
} from "./documents";
import { eventFaults } from "./events";
import { inputText } from "./inputs";
import { csvFaults, displayed, markupFaults, sessionFaults, textFaults } from "./properties";
import { type Target, target } from "./target";
import { text } from "./texts";

/** The behaviour of a job's container. */
interface Behaviour {
  readonly kind: ContainerEnd["kind"];
  readonly exitCode: number;
  readonly milliseconds: number;
  readonly lines: readonly string[];
  readonly says: string;
}

interface Case {
  readonly document: DocumentCase;
  readonly input: string;
  readonly behaviours: readonly Behaviour[];
  /** Stops the execution after this many events. */
  readonly stopAfter: number;
  readonly report: "none" | "html" | "csv" | "json";
  readonly json: boolean;
  /** Shows the progress on a terminal. */
  readonly isTTY: boolean;
}

const ARN = "arn:aws:batch:eu-west-1:000000000000";
const VALUES = {
  Partition: "aws",
  Region: "eu-west-1",
  AccountId: "000000000000",
  StateMachineName: "echo_dev",
  JobQueueArn: `${ARN}:job-queue/echo_dev`,
  EchoJobDefinitionArn: `${ARN}:job-definition/echo_dev_echo:1`,
};
const WORKFLOW: Omit<SynthesizedWorkflow, "stateMachine"> = {
  queues: [{ name: "echo_dev", arn: VALUES.JobQueueArn }],
  jobDefinitions: [
    jobDefinition({
      arn: VALUES.EchoJobDefinitionArn,
      name: "echo_dev_echo",
      command: ["Ref::word"],
      parameters: { word: "x" },
      timeoutSeconds: 60,
      attempts: 2,
      evaluateOnExit: [
        { Action: "retry", OnStatusReason: "Host EC2*" },
        { Action: "exit", OnReason: "*" },
      ],
      propagateTags: true,
    }),
  ],
  images: {},
};

const behaviour = fc.record<Behaviour>({
  kind: fc.oneof(
    { weight: 12, arbitrary: fc.constant("exited" as const) },
    { weight: 1, arbitrary: fc.constantFrom("not-started" as const, "host-lost" as const) },
  ),
  exitCode: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 137),
  milliseconds: fc.constantFrom(0, 1, 1000, 1000, 1000, 59_999, 90_000),
  lines: fc.array(text, { maxLength: 3 }),
  says: text,
});

/** The markup of a report with its diagram. */
// biome-ignore format: a list
const HTML_ELEMENTS = new Set([
  "html", "head", "meta", "title", "style", "body", "main", "header", "footer", "section", "article", "nav", "div", "span", "p", "h1", "h2", "h3", "h4", "a", "b", "i", "em", "strong", "code", "pre", "small",
  "dl", "dt", "dd", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "caption", "time", "details", "summary", "button", "label", "input", "select", "option", "dialog", "noscript", "script",
  "svg", "g", "polygon", "path", "text", "tspan", "ellipse", "polyline", "rect", "desc", "defs", "circle", "line", "figure", "figcaption", "br", "hr", "form", "output", "mark", "sup", "sub", "kbd",
]);

export const local: Target = target<Case>({
  name: "local",
  share: 25,
  seconds: 5,
  cases: fc.record<Case>({
    document: fc.record<DocumentCase>({
      document: fc.oneof(
        { weight: 12, arbitrary: tameDocument },
        { weight: 1, arbitrary: wildDocument },
        { weight: 1, arbitrary: hostileDocument },
      ),
      changes: fc.oneof({ weight: 8, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: documentChanges(2) }),
      edits: fc.constant([]),
      indent: fc.constant(2 as const),
    }),
    input: inputText,
    behaviours: fc.array(behaviour, { minLength: 1, maxLength: 3 }),
    stopAfter: fc.oneof(
      { weight: 4, arbitrary: fc.constant(600) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 30 }) },
    ),
    report: fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom("none" as const, "csv" as const, "json" as const) },
      { weight: 1, arbitrary: fc.constant("html" as const) },
    ),
    json: fc.boolean(),
    isTTY: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  }),
  files: (one) => ({
    "case.asl.json": documentBytes(one.document),
    "case.input.json": one.input,
    command: "local --engine process --input case.input.json --no-validate\n",
  }),
  run: runCase,
});

async function runCase(one: Case, folder: string): Promise<readonly string[]> {
  const path = join(folder, "case.asl.json");
  writeFileSync(path, documentBytes(one.document));
  const clock = new FakeClock(Date.UTC(2026, 0, 1));
  const engine = new FakeEngine(clock, one.behaviours);
  const events: ExecutionEvent[] = [];
  const reports: string[] = [];
  let status: string | null = null;
  const session = await observe(
    { clock, context: CONTEXT, environment: { WORKFLOW_DOCUMENT: path } },
    async (around) => {
      // Does the same as `local`, without the synth, which does not depend on the input.
      let views: Views;
      let workflow: SynthesizedWorkflow;
      let input: Json;
      try {
        const settings = loadSettings(around.environment, around.context);
        const { document } = loadWorkflow(settings, { local: true });
        input = readInput("-", { readStandardInput: () => one.input }).value;
        const definition = substitute(document, VALUES);
        workflow = {
          ...WORKFLOW,
          stateMachine: {
            name: "echo_dev",
            arn: "arn:aws:states:eu-west-1:000000000000:stateMachine:echo_dev",
            roleArn: "role",
            definition,
          },
        };
        views = await createViews({ document, place: "this machine" }, valuesOf(VIEWS, { json: one.json }), around);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        around.stderr.write(`${error.message}\n`);
        return 2;
      }
      const [stop, force] = [new AbortController(), new AbortController()];
      const report = collectReport(workflow.stateMachine.definition, { place: "this machine" });
      const emit = (event: ExecutionEvent) => {
        events.push(event);
        views.sink(event);
        report.sink(event);
        if (events.length === one.stopAfter) stop.abort();
        // After a Ctrl-C, only events of open states and jobs follow.
        if (events.length === one.stopAfter + 5000) throw new Error("the execution goes on after it was stopped");
      };
      status = await runLocally(
        workflow,
        { name: "mine", input },
        { engine, objects: memoryStore({}), vcpus: 4, clock, emit },
        { stop: stop.signal, force: force.signal },
      );
      await views.finish();
      views.close();
      if (one.report === "html") reports.push(...markupFaults("HTML", await toHtml(report.report()), HTML_ELEMENTS));
      if (one.report === "csv") reports.push(...csvFaults(toCsv(report.report())));
      if (one.report === "json") JSON.parse(toJson(report.report()));
      return status === "SUCCEEDED" ? 0 : 1;
    },
    { isTTY: one.isTTY },
  );
  const stderr = one.isTTY ? displayed(session.stderr) : session.stderr;
  return [
    // A display that is redrawn is as long as the execution.
    ...sessionFaults({ ...session, stderr: one.isTTY ? stderr.slice(0, 200_000) : stderr }, one.json ? "json" : "text"),
    ...(session.code === 2 && events.length + engine.started > 0 ? ["a run that was refused has started"] : []),
    ...(session.code === 2 ? [] : eventFaults(events)),
    ...(engine.running === 0 ? [] : ["a container is left running"]),
    ...textFaults("the end", String(status)),
    ...reports,
  ];
}

/** An engine whose containers behave as the case says. */
class FakeEngine implements Engine {
  readonly name = "process";
  started = 0;
  running = 0;

  constructor(
    private readonly clock: FakeClock,
    private readonly behaviours: readonly Behaviour[],
  ) {}

  close(): void {}

  run(_: ContainerSpec, listener: ContainerListener): Container {
    const { kind, exitCode, milliseconds, lines, says } = this.behaviours[this.started % this.behaviours.length]!;
    this.started += 1;
    this.running += 1;
    const killed = new AbortController();
    const end = async (): Promise<ContainerEnd> => {
      await Promise.resolve();
      if (kind !== "not-started") listener.started();
      for (const line of lines) listener.line(line, Buffer.from(`${line}\n`));
      await this.clock.sleep(milliseconds, killed.signal);
      this.running -= 1;
      if (kind === "not-started") return { kind, reason: says };
      if (kind === "host-lost") return { kind, statusReason: says };
      return { kind, exitCode: killed.signal.aborted ? 143 : exitCode, outOfMemory: exitCode === 137 };
    };
    return { ended: end(), kill: () => killed.abort() };
  }
}
