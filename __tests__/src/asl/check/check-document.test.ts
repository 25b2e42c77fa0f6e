import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { check, parseDocument } from "../../../../src/asl/check/check-document";
import { historyEvents } from "../../../../src/asl/check/history-limit";
import type { StatesDocument } from "../../../../src/asl/document";
import type { Json, JsonObject } from "../../../../src/base/json";
import { checkInput } from "./check-input";
import { EXPECTED } from "./definitions/expected";
import { ECHO, echoInput, read } from "./echo-check";
import { mutationOf } from "./mutation";
import { brokenRules, stateChain } from "./state-chain";

const DEFINITIONS = join(__dirname, "definitions");

/** `invalid-batch-limit-2.asl.json` -> `batch-limit`. */
function ruleOf(file: string): string {
  return file.replace(/^invalid-/, "").replace(/(-\d+)?\.asl\.json$/, "");
}

const FILES = readdirSync(DEFINITIONS).filter((file) => file.endsWith(".asl.json"));

describe("a valid document", () => {
  test("the example has no problems", () => {
    expect(check(echoInput(ECHO))).toEqual([]);
  });

  test.each(FILES.filter((file) => file.startsWith("valid-")))("%s has no problems", (file) => {
    expect(check(checkInput(read(join(DEFINITIONS, file))))).toEqual([]);
  });
});

describe("an invalid document", () => {
  test.each(FILES.filter((file) => file.startsWith("invalid-")))(
    "%s has only problems of the rule in its file name",
    (file) => {
      const rule = ruleOf(file);
      const parsed = parseDocument(readFileSync(join(DEFINITIONS, file), "utf8"));
      const problems =
        "problems" in parsed ? parsed.problems : check(checkInput(parsed.document, rule === "not-mocked"));
      expect(new Set(problems.map((problem) => problem.rule))).toEqual(new Set([rule]));
      expect(
        problems.map(({ severity, state, pointer, message, fix }) => [severity, state, pointer, message, fix]),
      ).toEqual(EXPECTED[file]);
    },
  );

  test("every expectation has a file", () => {
    expect(Object.keys(EXPECTED).sort()).toEqual(FILES.filter((file) => file.startsWith("invalid-")).sort());
  });
});

describe("the text of a document", () => {
  test.each([
    ["", 1, 1, "expected a value, got: the end of the text"],
    ['{\n  "a": 1,\n}', 2, 9, "expected no comma after the last item, got: ,"],
    ['{\n  "a": \n}', 3, 1, "expected a value, got: }"],
    ['{"a" 1}', 1, 6, 'expected ":", got: 1'],
    ["[1 2]", 1, 4, "expected a comma or a closing bracket, got: 2"],
    ["{'a': 1}", 1, 2, "' is not JSON"],
    ['{"a": "x\ny"}', 1, 7, 'expected a complete string, got: "'],
    ['{"a": tru}', 1, 7, "tru is not JSON"],
    ['{"a": 1} x', 1, 10, "x is not JSON"],
  ])("reports the position of the mistake in %j", (text, line, column, message) => {
    expect(parseDocument(text)).toEqual({
      problems: [
        expect.objectContaining({
          severity: "error",
          rule: "json-syntax",
          state: null,
          pointer: "",
          place: { line, column },
          message,
        }),
      ],
    });
  });

  test("rejects a long unclosed string quickly", () => {
    expect(parseDocument(`["${"x".repeat(100_000)}`)).toEqual({
      problems: [
        expect.objectContaining({
          place: { line: 1, column: 2 },
          message: 'expected a complete string, got: "',
        }),
      ],
    });
  });

  test("finds a state that is defined twice in one block", () => {
    const text = '{"StartAt": "a", "States": {\n  "a": {"Type": "Succeed"},\n  "a": {"Type": "Succeed"}\n}}';
    expect(parseDocument(text)).toEqual({
      problems: [
        {
          severity: "error",
          rule: "duplicate-key",
          state: "a",
          pointer: "/States/a",
          place: { line: 3, column: 3 },
          message: '"a" occurs twice in the same object; only the second one would count',
          fix: "rename or remove one of the two",
        },
      ],
    });
  });

  test.each([["null"], ["[]"], ['"text"']])("%s is JSON but not a document", (text) => {
    expect(parseDocument(text)).toEqual({
      problems: [
        expect.objectContaining({
          rule: "structure",
          message: expect.stringContaining("the document must be an object"),
        }),
      ],
    });
  });

  test("accepts the same texts as JSON.parse", () => {
    const nearlyJson = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom("", ",", "}", "]", '"', ":", "\\", "0", "-", "\n", "e", "null"))
      .map(([text, place, inserted]) => {
        const at = place % (text.length + 1);
        return text.slice(0, at) + inserted + text.slice(inserted === "" ? at + 1 : at);
      });
    fc.assert(
      fc.property(nearlyJson, (text) => {
        const parsed = parseDocument(text);
        const syntax = "problems" in parsed && parsed.problems.some(({ rule }) => rule === "json-syntax");
        expect(syntax).toBe(!isJson(text));
      }),
      { numRuns: 60 },
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("any document", () => {
  test("is checked without an exception, even after random changes", () => {
    const documents = [
      ECHO,
      ...FILES.filter((file) => file.startsWith("valid-")).map((file) => read(join(DEFINITIONS, file))),
    ];
    const mutated = fc
      .constantFrom(...documents)
      .chain((base) => fc.tuple(fc.constant(base), fc.array(mutationOf(base), { minLength: 1, maxLength: 4 })));
    fc.assert(
      fc.property(mutated, fc.boolean(), ([base, mutations], local) => {
        const document = mutations.reduce<Json>(
          (before, mutate) => mutate(before),
          structuredClone(base) as unknown as Json,
        );
        const problems = check(echoInput(document as unknown as StatesDocument, local));
        expect(problems.every(({ message, fix }) => message !== "" && fix !== "")).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test("that is random JSON is checked without an exception", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (document) => {
        expect(check(echoInput(document as unknown as StatesDocument)).length).toBeGreaterThan(0);
      }),
    );
  });
});

describe("the order of problems", () => {
  test("is the order of their places in the document", () => {
    const document = structuredClone(ECHO) as unknown as { States: Record<string, JsonObject> };
    document.States.step3!.Nexd = "x";
    document.States.step1!.TimeoutSeconds = "x";
    document.States.step2!.ItemsPath = "$.parameters.step2_parameter";
    expect(check(echoInput(document as unknown as StatesDocument)).map(({ state }) => state)).toEqual([
      "step1",
      "step2",
      "step3",
    ]);
  });
});

describe("the job definitions", () => {
  test("are not used for a task with an unknown job definition", () => {
    const document = read(join(DEFINITIONS, "invalid-batch-parameter-missing.asl.json"));
    expect(check({ ...checkInput(document), jobDefinitions: {}, queues: null })).toEqual([]);
  });
});

describe("the size of a request", () => {
  const withEnvironment = (variable: (index: number) => JsonObject): StatesDocument => {
    const document = read(join(DEFINITIONS, "valid-dynamic-request.asl.json"));
    const parameters = document.States.job!.Parameters as { ContainerOverrides: JsonObject };
    parameters.ContainerOverrides.Environment = Array.from({ length: 100 }, (_, index) => variable(index));
    return document;
  };
  const long = "x".repeat(100);

  test("counts constant values", () => {
    const problems = check(checkInput(withEnvironment((index) => ({ Name: `V${index}`, Value: long }))));
    expect(problems.map(({ message }) => message)).toEqual([
      "ContainerOverrides must be at most 8192 bytes of JSON, got: 12607",
    ]);
  });

  test("does not count paths, whose values have unknown lengths", () => {
    expect(check(checkInput(withEnvironment((index) => ({ Name: `V${index}`, "Value.$": `$.open.${long}` }))))).toEqual(
      [],
    );
  });
});

describe("an integration without an IAM rule", () => {
  test("is not reported as accepted by AWS", () => {
    const document = read(join(DEFINITIONS, "invalid-unknown-integration.asl.json"));
    expect(check(checkInput(document, true)).map(({ rule }) => rule)).toEqual(["unknown-integration"]);
  });
});

describe("a field that only a distributed Map has", () => {
  test("is not reported as accepted by AWS on an inline Map", () => {
    const document = read(join(DEFINITIONS, "invalid-map-mode.asl.json"));
    expect(new Set(check(checkInput(document, true)).map(({ rule }) => rule))).toEqual(new Set(["map-mode"]));
  });
});

describe("a schema with patternProperties", () => {
  test("allows other fields", () => {
    const document = read(join(DEFINITIONS, "invalid-path-not-found.asl.json"));
    const inputSchema = { type: "object", additionalProperties: false, patternProperties: { "^n": {} } };
    expect(check({ ...checkInput(document), inputSchema })).toEqual([]);
  });
});

describe("without an input schema", () => {
  test("paths into the input are not checked", () => {
    const document = read(join(DEFINITIONS, "invalid-path-not-found.asl.json"));
    expect(check({ ...checkInput(document), inputSchema: null })).toEqual([]);
  });
});

describe("the events of a history", () => {
  const parameters = (step2: number, step3: number) => ({
    parameters: {
      step1_parameter: "a",
      step2_parameters: Array.from({ length: step2 }, () => "b"),
      step3_parameters: Array.from({ length: step3 }, () => "c"),
    },
  });

  test.each([
    // 2 of the execution, 4 of the Parallel, 2 + 2 + 2 + 2 of its branch, 6 of step1, 4 of each Map, 8 of each item.
    [0, 0, 28],
    [1, 0, 36],
    [2, 3, 68],
    [1000, 1000, 16_028],
  ])("for lists of %i and %i items are counted", (step2, step3, events) => {
    expect(historyEvents(ECHO, parameters(step2, step3))).toBe(events);
  });

  test("of nested Maps multiply", () => {
    const document = read(join(DEFINITIONS, "valid-nested-maps.asl.json"));
    // 2 of the execution, 4 + 3 * (2 + 4 + 3 * 8) of the Maps, 2 of the last state.
    expect(historyEvents(document, { names: ["a", "b", "c"] })).toBe(98);
  });

  test("of a distributed Map do not grow with its list", () => {
    const document = read(join(DEFINITIONS, "valid-distributed-map.asl.json"));
    expect(historyEvents(document, { endless: Array.from({ length: 30_000 }, () => "x") })).toBe(8);
  });
});

describe("a mistake is reported once, and quickly", () => {
  test.each<[string, JsonObject, string]>([
    ["a wrong Next", { Type: "Pass", Next: "S1" }, "unknown-target /States/s0/Next"],
    ["no Next", { Type: "Pass" }, "missing-field /States/s0"],
    ["a property of Object.prototype as Next", { Type: "Pass", Next: "toString" }, "unknown-target /States/s0/Next"],
  ])("%s does not also report the later states as unreachable", (_, s0, problem) => {
    expect(brokenRules(stateChain(5, { s0 }))).toEqual([problem]);
  });

  test.each([
    ["a list", ["s0"]],
    ["a number", 1],
    ["null", null],
  ])("rejects %s as StartAt", (_, StartAt) => {
    const problems = parseDocument(JSON.stringify({ ...stateChain(1, {}), StartAt }));
    expect(problems).toMatchObject({ problems: [{ rule: "structure", pointer: "/StartAt" }] });
  });

  test("rejects a filter with 5,000 brackets", () => {
    const filter = `$[?(${"(".repeat(5000)}@.a${")".repeat(5000)})]`;
    const [problem] = check(
      checkInput(
        stateChain(1, { s0: { Type: "Pass", InputPath: filter, Next: "s1" } }) as unknown as StatesDocument,
        false,
      ),
    );
    expect(problem!.message).toMatch(/^InputPath: more than 100 brackets are nested in "/);
  });
});
