import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { validator } from "../../../src/asl/input-schema";
import type { Json, JsonObject } from "../../../src/base/json";
import { PROJECT_FOLDER } from "../../../src/project/project-folder";
import schema from "../../../src/testing/mock.schema.json";
import { readMockFile } from "../../../src/testing/mock-file";
import { mockableStates } from "../../../src/testing/mockable-states";
import { DOCUMENT } from "./document";

const STATES = mockableStates(DOCUMENT);

/** The mistakes of a file, each as its pointer, message and fix. */
const mistakes = (file: Json) =>
  readMockFile(file, STATES).findings.map(({ pointer, message, fix }) => `${pointer} ${message}; ${fix}`);

describe("the answers of a state", () => {
  test("one answer holds for all calls", () => {
    const { byPlace, findings } = readMockFile({ mocks: { Notify: { returns: { MessageId: "1" } } } }, STATES);
    expect(findings).toEqual([]);
    expect([...byPlace]).toEqual([
      [
        " Notify",
        {
          steps: [{ first: 0, last: Infinity, answer: { kind: "returns", result: { MessageId: "1" } } }],
          countedPer: "item",
        },
      ],
    ]);
  });

  test("a list has one answer for each call, and the last one holds", () => {
    const { byPlace } = readMockFile(
      { mocks: { Charge: [{ throws: { Error: "Busy" } }, { never: true }, { returns: null }] } },
      STATES,
    );
    expect(byPlace.get(" Charge")?.steps).toEqual([
      { first: 0, last: 0, answer: { kind: "throws", error: "Busy", cause: "" } },
      { first: 1, last: 1, answer: { kind: "never" } },
      { first: 2, last: Infinity, answer: { kind: "returns", result: null } },
    ]);
  });

  test("an item of a Map has its own", () => {
    const { byPlace } = readMockFile(
      { mocks: { Charge: { returns: 1 }, "Charge[2]": { returns: 2 }, "Deep[2][0]": { returns: 3 } } },
      STATES,
    );
    expect([...byPlace.keys()]).toEqual([" Charge", "2 Charge", "2,0 Deep"]);
  });

  test("a state whose own name looks like an item is the state", () => {
    expect([...readMockFile({ mocks: { "odd[1]": { returns: 1 } } }, STATES).byPlace.keys()]).toEqual([" odd[1]"]);
  });

  test("a cause that is no text becomes its JSON, as that of a failed job", () => {
    const throws = { Error: "States.TaskFailed", Cause: { JobName: "a", Attempts: [] } };
    const { byPlace } = readMockFile({ mocks: { Notify: { throws } } }, STATES);
    expect(byPlace.get(" Notify")?.steps[0]?.answer).toEqual({
      kind: "throws",
      error: "States.TaskFailed",
      cause: '{"JobName":"a","Attempts":[]}',
    });
  });
});

describe("a mistake has its place and its fix", () => {
  test.each<[string, Json, string[]]>([
    ["no object", [], [' a mock file must be an object, got: []; write { "mocks": { "<state>": { "returns": {} } } }']],
    ["no mocks", {}, [' `mocks` is missing; write { "mocks": { "<state>": { "returns": {} } } }']],
    [
      "mocks that are no object",
      { mocks: [] },
      ['/mocks mocks must be an object, got: []; write { "mocks": { "<state>": { "returns": {} } } }'],
    ],
    ["a misspelt field", { mock: {} }, ['/mock "mock" is not a field of a mock file; did you mean mocks?']],
    [
      "a state that is not there",
      { mocks: { Notfy: { returns: 1 } } },
      ['/mocks/Notfy the document has no state "Notfy"; did you mean Notify?'],
    ],
    ...["Charge[*]", "Charge[-1]", "Charge []"].map((name): [string, Json, string[]] => [
      `the item of ${name}`,
      { mocks: { [name]: { returns: 1 } } },
      [
        `/mocks/${name} the document has no state "${name}"; write "Charge" for all of it, or one item of a Map such as "Charge[0]"`,
      ],
    ]),
    [
      "a Map",
      { mocks: { Each: { returns: [] } } },
      ['/mocks/Each "Each" is a Map, and only a Task can be mocked; name the tasks inside it'],
    ],
    [
      "a Pass",
      { mocks: { "odd[1]": { returns: 1 }, Done: { returns: [] } } },
      ['/mocks/Done "Done" is a Succeed, and only a Task can be mocked; remove it'],
    ],
    [
      "an item outside a Map",
      { mocks: { "Notify[0]": { returns: 1 } } },
      ['/mocks/Notify[0] "Notify" is inside 0 Maps, but "Notify[0]" has 1 index; write "Notify"'],
    ],
    [
      "too few indices",
      { mocks: { "Deep[1]": { returns: 1 } } },
      [
        '/mocks/Deep[1] "Deep" is inside 2 Maps, but "Deep[1]" has 1 index; write one index for each Map, such as "Deep[0][0]"',
      ],
    ],
    [
      "no answers",
      { mocks: { Notify: [] } },
      [
        '/mocks/Notify the mock of "Notify" has no answers; write { "returns": … }, { "throws": { "Error": "…", "Cause": "…" } } or { "never": true }',
      ],
    ],
    [
      "an answer without its kind",
      { mocks: { Notify: "hello" } },
      [
        '/mocks/Notify an answer must be an object, got: "hello"; write { "returns": … }, { "throws": { "Error": "…", "Cause": "…" } } or { "never": true }',
      ],
    ],
    [
      "two kinds",
      { mocks: { Notify: [{ returns: 1 }, { returns: 1, never: true }] } },
      [
        '/mocks/Notify/1 an answer must have one of returns, throws, never, got: returns and never; write { "returns": … }, { "throws": { "Error": "…", "Cause": "…" } } or { "never": true }',
      ],
    ],
    [
      "the name of Step Functions Local",
      { mocks: { Notify: { Return: 1 } } },
      ["/mocks/Notify/Return Return is not a known field; did you mean returns?"],
    ],
    [
      "an error in lower case",
      { mocks: { Notify: { throws: { error: "E" } } } },
      ["/mocks/Notify/throws/error throws.error is not a known field; did you mean Error?"],
    ],
    [
      "no error",
      { mocks: { Notify: { throws: { Cause: "why" } } } },
      ["/mocks/Notify/throws throws.Error is missing; add Error"],
    ],
    [
      "no timeout",
      { mocks: { Notify: { never: true } } },
      [
        '/mocks/Notify "Notify" would never end: it has no timeout; set TimeoutSeconds or HeartbeatSeconds in the state',
      ],
    ],
  ])("%s", (_, file, expected) => {
    expect(mistakes(file)).toEqual(expected);
  });
});

describe("any file", () => {
  /** Values that look like a mock file, and values that do not. */
  const answer = fc.oneof(
    fc.record({ returns: fc.jsonValue() }),
    fc.record({ throws: fc.record({ Error: fc.string(), Cause: fc.jsonValue() }, { requiredKeys: [] }) }),
    fc.record({ never: fc.constantFrom(true, false) }),
    fc.record({ returns: fc.jsonValue(), never: fc.constant(true) }),
    fc.jsonValue(),
  );
  const name = fc.constantFrom("Charge", "Charge[0]", "Deep[1][2]", "Ask", "odd[1]");
  const mocks = fc.dictionary(name, fc.oneof(answer, fc.array(answer, { maxLength: 3 })));
  const file = fc.oneof(fc.jsonValue(), fc.record({ mocks: fc.oneof(mocks, fc.jsonValue()) }));

  test("is read, or its mistakes are found", () => {
    fc.assert(
      fc.property(file, (value) => {
        const { byPlace, findings } = readMockFile(value as Json, STATES);
        expect(findings.length > 0 || byPlace.size === Object.keys((value as JsonObject).mocks!).length).toBe(true);
      }),
    );
  });

  test("is refused exactly if the JSON Schema refuses it", () => {
    const fits = validator(schema as JsonObject);
    fc.assert(
      fc.property(fc.record({ mocks }), (value) => {
        const { findings } = readMockFile(value as Json, STATES);
        expect(findings.map(({ message }) => message).join() === "").toBe(fits(value));
      }),
    );
  });
});

test("the file in docs/mocking.md has no mistakes for a document with these tasks", () => {
  const page = readFileSync(join(PROJECT_FOLDER, "docs/mocking.md"), "utf8");
  const [, json] = /```json\n(.*?)```/s.exec(page)!;
  const { Ask: Approve, ...others } = DOCUMENT.States;
  const states = mockableStates({ ...DOCUMENT, States: { ...others, Approve: Approve! } });
  const { byPlace, findings } = readMockFile(JSON.parse(json!) as Json, states);
  expect(findings).toEqual([]);
  expect([...byPlace.keys()]).toEqual([" Notify", " Charge", "2 Charge", " Approve"]);
  expect(validator(schema as JsonObject)(JSON.parse(json!))).toBe(true);
});
