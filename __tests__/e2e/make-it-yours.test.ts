import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { Project } from "./project";

const PROGRAM = `#!/bin/sh
# Counts the letters of each word.
for word in "$@"; do
  printf '%s has %s letters\\n' "$word" "\${#word}"
done
`;

const DOCUMENT = {
  Comment: "Counts the letters of words, one job for each.",
  StartAt: "words",
  States: {
    words: {
      Type: "Map",
      ItemsPath: "$.words",
      ItemSelector: { "word.$": "$$.Map.Item.Value", "index.$": "$$.Map.Item.Index" },
      ItemProcessor: {
        StartAt: "count",
        States: {
          count: {
            Type: "Task",
            Resource: "arn:${Partition}:states:::batch:submitJob.sync",
            Parameters: {
              "JobName.$": "States.Format('count-{}', $.index)",
              JobDefinition: "${CountWordsJobDefinitionArn}",
              JobQueue: "${JobQueueArn}",
              ContainerOverrides: { "Command.$": "States.Array($.word)" },
            },
            End: true,
          },
        },
      },
      End: true,
    },
  },
};

const SCHEMA = {
  type: "object",
  required: ["words"],
  properties: { words: { type: "array", maxItems: 100, items: { type: "string", minLength: 1 } } },
};

const TESTS = {
  cases: [
    {
      name: "one job for each word",
      expect: { path: ["words", "count"], requests: { "count[1]": { ContainerOverrides: { Command: ["three"] } } } },
    },
  ],
};

test("the steps of the README make it another workflow, which runs, and its tests pass", async () => {
  const project = new Project();
  try {
    mkdirSync(join(project.folder, "count"));
    project.write("count/count.sh", PROGRAM);
    chmodSync(join(project.folder, "count/count.sh"), 0o755);
    project.write("count/Dockerfile", 'FROM busybox:1.37\nCOPY count.sh /\nENTRYPOINT ["/bin/sh", "/count.sh"]\n');
    project.write("workflow/echo.asl.json", JSON.stringify(DOCUMENT, null, 2));
    project.write("workflow/echo.input.schema.json", JSON.stringify(SCHEMA));
    project.write("workflow/echo.input.json", JSON.stringify({ words: ["one", "three"] }));
    project.write("workflow/echo.test.json", JSON.stringify(TESTS));
    const cdktf = JSON.parse(project.read("cdktf.json"));
    cdktf.context.name = "words";
    const { echo } = cdktf.context.jobs;
    cdktf.context.jobs = {
      "count-words": { ...echo, image: "count", localCommand: ["/bin/sh", "count/count.sh"] },
    };
    project.write("cdktf.json", JSON.stringify(cdktf));

    expect(await project.npm("run", "workflow", "--", "check")).toContain("workflow/echo.asl.json: no problems");
    await project.npm("run", "workflow", "--", "test");
    const ran = await project.npm("start", "--", "--engine", "process");
    expect(ran).toContain("count-0 │ one has 3 letters");
    expect(ran).toContain("count-1 │ three has 5 letters");
    expect(ran).toMatch(/^SUCCEEDED in .*, 2 jobs · would cost .*$/m);

    await project.npm("run", "docs");
    await project.npm("test");
  } finally {
    await project.dispose();
  }
});
