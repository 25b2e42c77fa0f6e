/** Checks and runs generated documents in both languages with generated answers of their tasks. Nothing of it may throw. */
import { setMaxListeners } from "node:events";
import fc from "fast-check";
import { FakeClock } from "../../scripts/demo/fake-clock";
import { check, parseDocument } from "../../src/asl/check/check-document";
import type { Json } from "../../src/base/json";
import { parseJson } from "../../src/base/read-json";
import { memoryStore } from "../../src/local/data/memory-store";
import { interpret } from "../../src/local/interpreter/interpreter";
import { StatesError } from "../../src/local/interpreter/states-error";
import { thrown } from "./command";
import { type DocumentCase, documentBytes, documentChanges, tameDocument, wildDocument } from "./documents";
import { inputText } from "./inputs";
import { jsonataDocument } from "./jsonata-documents";
import { type Target, target } from "./target";
import { json, text } from "./texts";

interface Case {
  readonly document: DocumentCase;
  readonly input: string;
  readonly answers: readonly Answer[];
}

type Answer =
  | { readonly result: Json }
  | { readonly error: string; readonly cause: string }
  | { readonly seconds: number };

export const interpreter: Target = target<Case>({
  name: "interpreter",
  share: 30,
  seconds: 20,
  testRuns: 60,
  cases: fc.record<Case>({
    document: fc.record<DocumentCase>({
      document: fc.oneof(
        { weight: 3, arbitrary: tameDocument },
        { weight: 2, arbitrary: wildDocument },
        { weight: 6, arbitrary: jsonataDocument },
      ),
      changes: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: documentChanges(3) }),
      edits: fc.constant([]),
      indent: fc.constant(0 as const),
    }),
    input: inputText,
    answers: fc.array(
      fc.oneof<fc.Arbitrary<Answer>[]>(
        json.map((result) => ({ result })),
        fc.record({ error: fc.oneof(text, fc.constantFrom("States.TaskFailed", "My.Error", "")), cause: text }),
        fc.constantFrom(0, 30, 100).map((seconds) => ({ seconds })),
      ),
      { minLength: 1, maxLength: 4 },
    ),
  }),
  files: (one) => ({ "case.asl.json": documentBytes(one.document), "case.input.json": one.input }),
  run: async (one) => {
    try {
      return await runCase(one);
    } catch (error) {
      throw thrown(error as Error);
    }
  },
});

async function runCase({ document, input, answers }: Case): Promise<readonly string[]> {
  const parsed = parseDocument(documentBytes(document).toString());
  if ("problems" in parsed) return messageFaults(parsed.problems);
  const problems = check({
    document: parsed.document,
    inputSchema: null,
    placeholders: null,
    jobDefinitions: {},
    queues: null,
    local: false,
  });
  const faults = messageFaults(problems);
  let value: Json;
  try {
    value = parseJson(input);
  } catch {
    return faults;
  }
  const clock = new FakeClock(Date.UTC(2026, 0, 1));
  const stop = new AbortController();
  const { signal } = stop;
  setMaxListeners(0, signal);
  let events = 0;
  let calls = 0;
  let open = 0;
  const outcome = await interpret(
    parsed.document,
    {
      input: value,
      context: { Execution: { Id: "run", Input: value, Name: "run" }, StateMachine: { Id: "machine", Name: "m" } },
    },
    {
      task: async ({ signal: limited }) => {
        const answer = answers[calls++ % answers.length]!;
        open += 1;
        if ("seconds" in answer) await clock.sleep(answer.seconds * 1000, limited);
        open -= 1;
        if ("error" in answer) throw new StatesError(answer.error, answer.cause);
        return "result" in answer ? answer.result : {};
      },
      // No time passes in a loop that never waits.
      emit: () => {
        events += 1;
        if (events === MOST_EVENTS) stop.abort();
      },
      clock,
      random: Math.random,
      objects: memoryStore({ "bucket/list.json": "[1, 2, 3]", "bucket/table.csv": "a,b\n1,2\n" }),
    },
    signal,
  );
  return [
    ...faults,
    ...(open === 0 ? [] : ["a task is left running"]),
    ...(ENDS.includes(outcome.status) || events >= MOST_EVENTS ? [] : [`the execution ends with ${outcome.status}`]),
  ];
}

/** A run with so many is stopped. */
const MOST_EVENTS = 1000;

const ENDS = ["SUCCEEDED", "FAILED", "TIMED_OUT"];

function messageFaults(problems: readonly { readonly message: string; readonly fix: string }[]): readonly string[] {
  return problems.flatMap(({ message, fix }) =>
    [message, fix].filter((part) => part.trim() === "").map(() => "a problem without words"),
  );
}
