import { ExactNumber } from "../../../../src/base/exact-number";
import { type Json, stringifyJson } from "../../../../src/base/json";
import { parseJson } from "../../../../src/base/read-json";
import {
  applyPath,
  applyResultPath,
  evaluate,
  fillTemplate,
  numberField,
  selectItems,
} from "../../../../src/local/interpreter/data-flow";
import { StatesError } from "../../../../src/local/interpreter/states-error";
import { scope } from "./scope";

const data: Json = {
  a: 1,
  b: { c: [{ d: 1, e: "x" }, { d: 2 }, { d: 3, e: "y" }], "sp ace": { z: 1 }, n: null },
  list: [[1, 2], [3]],
  byNumber: { "0": "zero" },
};

describe("InputPath and OutputPath", () => {
  test.each<[string, Json]>([
    ["$", data],
    ["$.a", 1],
    ["$.b.c[0].d", 1],
    ["$.b.c[-1].d", 3],
    ["$.b['sp ace'].z", 1],
    ["$.b.n", null],
    ["$.list[0][1]", 2],
    ["$.byNumber['0']", "zero"],
    ["$.b.c[*].e", ["x", "y"]],
    ["$.b.c[1:].d", [2, 3]],
    ["$.b.c[:1]", [{ d: 1, e: "x" }]],
    ["$.b.c[0,2].d", [1, 3]],
    ["$.b.c[?(@.d>1 && @.e=='y')].d", [3]],
    ["$.list[*][0]", [1, 3]],
    ["$..d", [1, 2, 3]],
    ["$.nothing[*].here", []],
    ["$.a[*]", []],
    ["$$.Execution.Name", "run"],
    ["$$.Execution.Tags[*].k", [7]],
  ])("%s", (path, value) => {
    expect(applyPath(path, scope(data, { Execution: { Name: "run", Tags: [{ k: 7 }] } }))).toEqual(value);
  });

  // As json-path 2.4 has it, with null for nothing, as Step Functions Local was measured to.
  test.each<[string, Json]>([
    ["$.list[?(@.keep)]", [{ keep: true }, { keep: false }, { keep: 0 }, { keep: "no" }]],
    ["$.list[?(!@.keep)].other", [1]],
    ["$.list[?(@.keep == false)]", [{ keep: false }]],
    ["$.list[?(@.keep == 0)]", [{ keep: 0 }]],
    ["$.list[?(@.keep == '0')]", []],
    ["$.list[?(@.keep != false && @.keep)]", [{ keep: true }, { keep: 0 }, { keep: "no" }]],
    ["$.list[?(@.keep == null)]", [{ keep: null }]],
    ["$.list[?(@.other >= 1 || (@.keep == 'no'))]", [{ other: 1 }, { keep: "no" }]],
    ["$.list[?(@.other < 'x')]", []],
    ["$.numbers[?(@ > $.least)]", [3, 4]],
    ["$.numbers[?(@ <= 2 && !(@ == 1))]", [2]],
    ["$.job[?(@.status == 'ok')].id", [7]],
    ["$..[?(@.status == 'ok')].id", [7, 8]],
    ["$.list[?(@.keep =~ /N.*/i)]", [{ keep: "no" }]],
    ["$.list[?(@.keep =~ /N.*/)]", []],
    ["$.list[?(@.keep =~ /o/)]", []],
    ["$.list[?(@.keep =~ /(?i)N\\w/ || @.keep =~ /fal.e/)].keep", [false, "no"]],
    ["$.numbers[?(@ =~ /[23]/)]", [2, 3]],
    ["$.list[?(@.keep =~ /a/b/ || @.keep =~ /n(o)/)]", [{ keep: "no" }]],
    ["$.list[?(@.keep == no)]", [{ keep: "no" }]],
    ["$.list[?(@.keep==no && @.keep != yes )]", [{ keep: "no" }]],
    ["$.job[?(@.status != not ok)].id", [7]],
    ["$.job['id','status']", { id: 7, status: "ok" }],
    ["$.job['id','nothing']", { id: 7 }],
    ["$.missing['a','b']", {}],
  ])("%s selects what it does on AWS", (path, value) => {
    const filtered = {
      list: [{ keep: true }, { keep: false }, { other: 1 }, { keep: 0 }, { keep: null }, { keep: "no" }],
      job: { id: 7, status: "ok", inner: { id: 8, status: "ok" } },
      numbers: [1, 2, 3, 4],
      least: 2,
    };
    expect(applyPath(path, scope(filtered))).toEqual(value);
  });

  test.each(["$.b[1:]", "$.a[0,1]"])("%s asks for items of what is no list: States.Runtime", (path) => {
    expect(() => applyPath(path, scope(data))).toThrow(
      new StatesError("States.Runtime", `Invalid path '${path}' : only a list has items`),
    );
  });

  test("all where the field is absent, an empty object where it is null", () => {
    expect(applyPath(undefined, scope(data))).toBe(data);
    expect(applyPath(null, scope(data))).toEqual({});
  });

  // The first three causes are AWS's, from the recordings of LocalStack's tests.
  test.each<[string, string]>([
    ["$.NoSuchInputPath", "No results for path: $['NoSuchInputPath']"],
    ["$.no.such.result.path", "Missing property in path $['no']"],
    ["$.b.c[7]", "No results for path: $['b']['c'][7]"],
    ["$.a.b", "No results for path: $['a']['b']"],
    ["$.b.toString", "No results for path: $['b']['toString']"],
    ["$.b['0']", "No results for path: $['b']['0']"],
    ["$.byNumber[0]", "No results for path: $['byNumber'][0]"],
  ])("%s leads nowhere: States.Runtime", (path, cause) => {
    expect(() => applyPath(path, scope(data))).toThrow(
      new StatesError("States.Runtime", `Invalid path '${path}' : ${cause}`),
    );
  });

  test("a filter runs no code: States.Runtime", () => {
    const path = "$.list[?(@.constructor.constructor('return true')())]";
    expect(() => applyPath(path, scope(data))).toThrow(
      /^States\.Runtime: Invalid path '\$\.list\[\?.*' : the local run does not support its filter$/,
    );
  });

  test.each(["$.list[?(@.keep =~ /n\\Qo\\E/)]", "$.list[?(@.keep =~ /n++/)]", "$.list[?(@.keep =~ 'no')]"])(
    "%s has a pattern that JavaScript does not have: States.Runtime",
    (path) => {
      expect(() => applyPath(path, scope({ list: [] }))).toThrow(
        new StatesError("States.Runtime", `Invalid path '${path}' : the local run does not support its filter`),
      );
    },
  );

  test("a path that does not parse: States.Runtime", () => {
    expect(() => applyPath("$.a b", scope(data))).toThrow(
      new StatesError("States.Runtime", 'column 5 of "$.a b": expected the end, got: "b"'),
    );
  });
});

describe("a template", () => {
  test("gives the values of its paths and calls, at any depth, and leaves the rest alone", () => {
    const template = {
      constant: "$.a",
      "value.$": "$.a",
      inner: [{ "name.$": "$$.State.Name", keep: null }, "$.b", ["x", { "call.$": "States.Array($.a)" }]],
    };
    expect(fillTemplate(template, scope(data, { State: { Name: "step1" } }))).toEqual({
      constant: "$.a",
      value: 1,
      inner: [{ name: "step1", keep: null }, "$.b", ["x", { call: [1] }]],
    });
  });

  test.each<Json>(["text", 1, null, []])("%j is a template too", (template) => {
    expect(fillTemplate(template, scope(data))).toEqual(template);
  });

  test("keeps a key that every object inherits", () => {
    const template = JSON.parse('{"__proto__": {"a.$": "$.a"}}');
    expect(JSON.stringify(fillTemplate(template, scope(data)))).toBe('{"__proto__":{"a":1}}');
  });

  test("with a path that leads nowhere fails with States.Runtime", () => {
    expect(() => fillTemplate({ "value.$": "$.no_such" }, scope({ other: 1 }))).toThrow(
      new StatesError(
        "States.Runtime",
        "The JSONPath '$.no_such' specified for the field 'value.$' could not be found in the input '{\"other\":1}'",
      ),
    );
  });

  test("with a call that fails fails with States.IntrinsicFailure", () => {
    expect(() => fillTemplate({ "n.$": "States.ArrayLength($)" }, scope(1))).toThrow(
      new StatesError(
        "States.IntrinsicFailure",
        "The function 'States.ArrayLength($)' had the following error: the first argument must be a list, got: 1",
      ),
    );
  });

  test("with anything but a text behind a key that ends in .$ fails with States.Runtime", () => {
    expect(() => fillTemplate({ "n.$": 1 }, scope(1))).toThrow(
      new StatesError(
        "States.Runtime",
        "The value for the field 'n.$' must be a path or a call of an intrinsic function",
      ),
    );
  });
});

test("a field such as CausePath takes a path or a call", () => {
  expect(evaluate("$.a", "CausePath", scope(data))).toBe(1);
  expect(evaluate("States.Format('a is {}', $.a)", "CausePath", scope(data))).toBe("a is 1");
});

describe("ResultPath", () => {
  test.each<[string | null, Json, Json]>([
    ["$", { a: 1 }, "R"],
    [null, { a: 1 }, { a: 1 }],
    ["$.b", { a: 1 }, { a: 1, b: "R" }],
    ["$.a", { a: 1 }, { a: "R" }],
    ["$.x.y['z 1']", { a: 1 }, { a: 1, x: { y: { "z 1": "R" } } }],
    ["$.a.c", { a: { b: 1 } }, { a: { b: 1, c: "R" } }],
    ["$.a[1]", { a: [1, 2, 3] }, { a: [1, "R", 3] }],
    ["$.a[0].b", { a: [{ c: 1 }] }, { a: [{ c: 1, b: "R" }] }],
    ["$[0]", [1], ["R"]],
    ["$", "text", "R"],
    [null, "text", "text"],
  ])("%s puts the result into %j", (path, input, output) => {
    const before = JSON.stringify(input);
    expect(applyResultPath(path, input, "R")).toEqual(output);
    expect(JSON.stringify(input)).toBe(before);
  });

  test("replaces the input where the field is absent", () => {
    expect(applyResultPath(undefined, { a: 1 }, "R")).toBe("R");
  });

  test("takes a name that every object inherits for a name", () => {
    expect(JSON.stringify(applyResultPath("$.constructor.x", {}, "R"))).toBe('{"constructor":{"x":"R"}}');
    expect(JSON.stringify(applyResultPath("$.__proto__.x", {}, "R"))).toBe('{"__proto__":{"x":"R"}}');
  });

  test.each<[string, Json, string, string]>([
    ["$.a", "text", "States.ResultPathMatchFailure", 'Unable to apply ReferencePath $.a to input "text"'],
    ["$.a", null, "States.ResultPathMatchFailure", "Unable to apply ReferencePath $.a to input null"],
    ["$.a", [1], "States.ReferencePathConflict", 'Unable to apply step "a" to input [1]'],
    ["$.a.b", { a: 1 }, "States.ReferencePathConflict", 'Unable to apply step "b" to input {"a":1}'],
    ["$.a.b", { a: [1] }, "States.ReferencePathConflict", 'Unable to apply step "b" to input {"a":[1]}'],
    ["$.a[1]", { a: [1] }, "States.ReferencePathConflict", 'Unable to apply step "1" to input {"a":[1]}'],
    ["$.a[0]", {}, "States.ReferencePathConflict", 'Unable to apply step "0" to input {}'],
    ["$.a[*]", { a: [1] }, "States.Runtime", "Invalid path '$.a[*]' : not a reference path"],
  ])("%s cannot be applied to %j", (path, input, error, cause) => {
    expect(() => applyResultPath(path, input, "R")).toThrow(new StatesError(error, cause));
  });
});

describe("ItemsPath", () => {
  test("gives the list, from the input or from the context object", () => {
    expect(selectItems("$.b.c[*].d", scope(data))).toEqual([1, 2, 3]);
    expect(selectItems("$$.Execution.Input", scope(null, { Execution: { Input: [1] } }))).toEqual([1]);
    expect(selectItems(undefined, scope([1, 2]))).toEqual([1, 2]);
  });

  test("to anything else fails with States.Runtime", () => {
    expect(() => selectItems(undefined, scope({}))).toThrow(
      new StatesError("States.Runtime", 'Reference path "$" must point to array.'),
    );
  });

  test("to nothing fails with States.ReferencePathConflict", () => {
    expect(() => selectItems("$.jobs.items", scope({ jobs: {} }))).toThrow(
      new StatesError("States.ReferencePathConflict", 'Unable to apply step "items" to input {"jobs":{}}'),
    );
  });
});

test("paths, filters and templates keep the digits of numbers", () => {
  const input = parseJson('{"items": [{"id": 9007199254740992}, {"id": 9007199254740993}], "n": 2.0}');
  const found = fillTemplate(
    {
      "some.$": "$.items[?(@.id > 9007199254740992)]",
      "same.$": "$.items[?(@.id == 9007199254740993.0)].id",
      n: new ExactNumber("1.0"),
    },
    scope(input),
  );
  expect(stringifyJson(found)).toBe('{"some":[{"id":9007199254740993}],"same":[9007199254740993],"n":1.0}');
  expect(stringifyJson(applyResultPath("$.m", input, new ExactNumber("1e400")))).toContain('"n":2.0,"m":1e400}');
  expect(numberField({ MaxConcurrencyPath: "$.n" }, "MaxConcurrency", "integer", scope(input))).toBe(2);
});
