import { defineCommand } from "../define-command";
import { DOCUMENT } from "../flags";
import { TESTING } from "../tests/testing-flags";

export const test = defineCommand({
  name: "test",
  description: "run the test cases of the workflow: with mocks, without AWS, and without waiting",
  arguments: { document: DOCUMENT },
  flags: TESTING,
  epilogue: `The cases are beside the document, in <document>.test.json, such as
workflow/echo.test.json.`,
  action: async ({ document, ...flags }, session) => {
    const { testWorkflow } = await import("../tests/test-workflow");
    return testWorkflow(document, flags, session);
  },
});
