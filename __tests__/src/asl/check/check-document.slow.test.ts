import * as fc from "fast-check";
import { check, parseDocument } from "../../../../src/asl/check/check-document";
import type { StatesDocument } from "../../../../src/asl/document";
import type { Json } from "../../../../src/base/json";
import { ECHO, echoInput } from "./echo-check";
import { mutationOf } from "./mutation";
import { brokenRules, stateChain } from "./state-chain";

describe("any document", () => {
  const ASL_VALIDATOR = require("asl-validator") as (document: unknown) => {
    errors: { "Error code": string; Message: string }[];
  };

  test("that asl-validator rejects is rejected here", () => {
    // It takes parameters of the name Next or States for states, and fails on some; it takes __proto__ for a name that is given already.
    const mistaken = /TRANSITION_TARGET|DUPLICATE_STATE_NAMES|MISSING_TERMINAL_STATE|__proto__|constructor/;
    fc.assert(
      fc.property(mutationOf(ECHO), (mutate) => {
        const document = mutate(structuredClone(ECHO) as unknown as Json);
        const here = check(echoInput(document as unknown as StatesDocument, false));
        const text = JSON.stringify(document)
          .replaceAll("${Partition}", "aws")
          .replace(/\$\{\w+Arn\}/g, "arn:aws:batch:eu-west-1:123456789012:job-queue/name");
        let theirs: string[];
        try {
          theirs = ASL_VALIDATOR(JSON.parse(text)).errors.map((error) => `${error["Error code"]}: ${error.Message}`);
        } catch {
          theirs = [];
        }
        const sound = theirs.filter((message) => !mistaken.test(message));
        if (sound.length > 0) expect(here.filter(({ severity }) => severity === "error")).not.toEqual([]);
      }),
      { numRuns: 5 },
    );
  });
});

describe("a mistake is reported once, and quickly", () => {
  test("a chain of 5,000 states has no problems", () => {
    expect(brokenRules(stateChain(5000, {})).filter((rule) => !rule.startsWith("placeholder"))).toEqual([]);
  });

  test("rejects a document over 1 MiB by its size alone: the definition has its white space", () => {
    const document = JSON.stringify({ StartAt: "s0", States: { s0: { Type: "Pas" } } });
    const largest = document.padEnd(2 ** 20);
    expect(parseDocument(largest)).toHaveProperty("document");
    expect(parseDocument(`${largest}\n`)).toMatchObject({
      problems: [
        {
          rule: "definition-size",
          message: "the document must be at most 1,048,576 bytes (1 MiB), got: 1,048,577",
          fix: "move a part into a separate state machine, or shorten comments and white space",
        },
      ],
    });
  });
});
