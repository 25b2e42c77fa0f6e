import { defineCommand, toggle, valued } from "../define-command";
import { DOCUMENT, FORCE, output } from "../flags";

export const test = defineCommand({
  name: "test",
  description: "run the test cases of the workflow: with mocks, without AWS, and without waiting",
  arguments: { document: DOCUMENT },
  flags: {
    filter: valued("text", "run only the cases whose name has this text"),
    json: toggle("print the results as one JSON document"),
    junit: output("write the results as JUnit XML, which CI services show", ".xml"),
    force: FORCE,
    watch: toggle("run again when a file changes, until Ctrl-C"),
  },
  epilogue: `The cases are in <document>.test.json beside the document, such as
workflow/echo.test.json. See docs/testing.md.`,
  action: async ({ document, ...options }, session) => {
    const { testWorkflow } = await import("../tests/test-workflow");
    return testWorkflow(document, options, session);
  },
});
