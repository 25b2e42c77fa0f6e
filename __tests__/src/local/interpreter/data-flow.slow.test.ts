import { applyPath } from "../../../../src/local/interpreter/data-flow";
import { StatesError } from "../../../../src/local/interpreter/states-error";
import { scope } from "./scope";

describe("InputPath and OutputPath", () => {
  test("a pattern that backtracks is interrupted: States.Runtime", () => {
    const path = "$.list[?(@ =~ /(a+)+/)]";
    expect(() => applyPath(path, scope({ list: [`${"a".repeat(40)}!`] }))).toThrow(
      new StatesError("States.Runtime", `Invalid path '${path}' : its regular expression takes more than 0.5 s`),
    );
  });
});
