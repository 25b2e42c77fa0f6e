import { LONGEST_COMMENT } from "../../../src/review/comment";
import { chain, changedMachine, commentOn } from "./endless-documents";

describe("a document without end", () => {
  test("of thousands of states is compared, and the comment stays short", () => {
    const comment = commentOn(changedMachine(chain(1500, "a"), chain(1500, "b")));
    expect(Buffer.byteLength(comment)).toBeLessThanOrEqual(LONGEST_COMMENT);
    expect(comment).toContain("- `aws_sfn_state_machine.a`: states changed: `s0`, ");
  });
});
