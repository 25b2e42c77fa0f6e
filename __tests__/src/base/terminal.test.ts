import { canRedraw, hasColors, sizeOf } from "../../../src/base/terminal";

test.each([
  ["a terminal", true, {}, true, true],
  ["a terminal that cannot move its cursor", true, { TERM: "dumb" }, false, false],
  ["a terminal without colours", true, { NO_COLOR: "1" }, true, false],
  ["a terminal of a CI job", true, { CI: "true" }, false, true],
  ["a terminal where CI is set to nothing", true, { CI: "false" }, true, true],
  ["no terminal", undefined, {}, false, false],
])("%s is written over and has colours where it can", (_, isTTY, environment, redraws, colors) => {
  const stream = isTTY === undefined ? {} : { isTTY };
  expect([canRedraw(stream, environment), hasColors(stream, environment)]).toEqual([redraws, colors]);
});

test("a terminal that does not tell its size has the usual one", () => {
  expect([sizeOf({ columns: 0, rows: 0 }), sizeOf({}), sizeOf({ columns: 1, rows: 1 })]).toEqual([
    { columns: 80, rows: 24 },
    { columns: 80, rows: 24 },
    { columns: 1, rows: 1 },
  ]);
});
