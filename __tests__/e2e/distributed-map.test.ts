import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../../src/base/json";
import type { Report } from "../../src/execution/report/collect";
import { Project } from "./project";
import { testWith } from "./requirements";
import { SIGNED, TestBucket } from "./test-bucket";

const step = testWith("terraform", "deployments", "docker");

const ITEMS = 300;
const BATCH = 10;
/** The job of the batch that starts with this item fails. */
const BROKEN = 100;

const IMAGE = `#!/bin/sh
printf '%s\\n' "$@"
case $1 in
  broken) exit 1 ;;
  needs:*) wget -q -O - --header '${SIGNED}' "$AWS_ENDPOINT_URL/\${1#needs:}" || { sleep 3; exit 1; } ;;
esac
`;

/** Each batch of items is one job. One of 30 jobs fails, which is tolerated. The results go to the bucket. */
const DOCUMENT = {
  StartAt: "each",
  States: {
    each: {
      Type: "Map",
      MaxConcurrency: 10,
      ItemReader: {
        Resource: "arn:${Partition}:states:::s3:getObject",
        ReaderConfig: { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" },
        Parameters: { "Bucket.$": "$.bucket", Key: "in/items.csv" },
      },
      ItemSelector: { "name.$": "$$.Map.Item.Value.name", "from.$": "$$.Map.Item.Index" },
      ItemBatcher: { MaxItemsPerBatch: BATCH, BatchInput: { "bucket.$": "$.bucket" } },
      ToleratedFailurePercentage: 5,
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
        StartAt: "work",
        States: {
          work: {
            Type: "Task",
            Resource: "arn:${Partition}:states:::batch:submitJob.sync",
            Parameters: {
              JobName: "work",
              JobDefinition: "${EchoJobDefinitionArn}",
              JobQueue: "${JobQueueArn}",
              ContainerOverrides: { "Command.$": "States.Array($.Items[0].name)" },
            },
            ResultPath: null,
            End: true,
          },
        },
      },
      ResultWriter: {
        Resource: "arn:${Partition}:states:::s3:putObject",
        Parameters: { "Bucket.$": "$.bucket", Prefix: "out" },
      },
      End: true,
    },
  },
};

const CSV = [
  "name,rest",
  ...Array.from({ length: ITEMS }, (_, i) => `${i === BROKEN ? "broken" : `item-${i}`},x`),
].join("\n");

const bucket = new TestBucket();
let project: Project;
let input: string;

beforeAll(() => {
  project = new Project();
  project.write("image/echo.sh", IMAGE);
  project.write("workflow/echo.asl.json", JSON.stringify(DOCUMENT));
  project.write("workflow/echo.input.schema.json", "{}");
  project.write("workflow/echo.input.json", '{"bucket": "any"}');
});
afterAll(async () => {
  await project.dispose();
  await bucket.dispose();
});

/** Returns the files of a Map Run by their names: `manifest.json`, `SUCCEEDED_0.json`, …. */
function resultFiles(contents: ReadonlyMap<string, Buffer>): Record<string, Json> {
  const files = [...contents].filter(([key]) => key.startsWith("out/"));
  return Object.fromEntries(files.map(([key, content]) => [key.split("/").at(-1)!, JSON.parse(content.toString())]));
}

/** Returns the files of the local run's bucket. */
function localObjects(): Map<string, Buffer> {
  const data = join(project.folder, "data");
  const paths = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    paths.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(data.length + 1), readFileSync(path)];
    }),
  );
}

/** Returns the facts of a report that are the same here and there, and those of its Map. */
function comparable(path: string) {
  const { status, output, mapRuns, states, failures } = JSON.parse(project.read(path)) as Report;
  const { startedAt: _, stoppedAt: __, ...map } = states.find(({ name }) => name === "each")!;
  const runs = mapRuns.map(({ state, indices, items }) => ({ state, indices, items }));
  const errors = failures.map(({ what, error }) => ({ what, error }));
  return { status, output: withoutIds(output), map, runs, errors };
}

function withoutIds(value: Json): Json {
  const text = JSON.stringify(value);
  return JSON.parse(
    text
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "id")
      .replaceAll(/arn:aws:states:[a-z0-9-]*:\d+:/g, "arn:")
      .replaceAll(/(mapRun|execution|stateMachine):[\w-]+\/[\w-]+/g, "$1:name"),
  ) as Json;
}

step("is deployed, and its items are in the bucket", async () => {
  await bucket.put("in/items.csv", CSV);
  input = JSON.stringify({ bucket: await bucket.create() });
  project.write("workflow/echo.input.json", input);
  mkdirSync(join(project.folder, "data/in"), { recursive: true });
  project.write("data/in/items.csv", CSV);
  await project.deploy();
  expect(project.json("workflow")).toMatch(/"s3:GetObject".*"s3:PutObject"/s);
});

step("runs there: 30 jobs, one of which fails and is tolerated", async () => {
  const { output, status } = await project.startWorkflow("start", "--name", "there", "--report", "there.json").ended;
  expect({ status, output }).toMatchObject({
    status: 0,
    output: expect.stringContaining("tolerated 10 failed of 300 items"),
  });
});

step("runs here in the same way: same end, same counts, same tolerated failure", async () => {
  const args = ["local", "--engine", "process", "--name", "here", "--report", "here.json"];
  const { output, status } = await project.startWorkflow(...args).ended;
  expect({ status, output }).toMatchObject({
    status: 0,
    output: expect.stringContaining("tolerated 10 failed of 300 items"),
  });
  expect(comparable("here.json")).toEqual(comparable("there.json"));
  expect(comparable("here.json")).toMatchObject({
    status: "SUCCEEDED",
    map: {
      outcome: "succeeded",
      items: ITEMS,
      tolerated: BATCH,
      itemRuns: { succeeded: ITEMS - BATCH, failed: BATCH },
    },
    runs: [{ state: "each", indices: [], items: { total: ITEMS, succeeded: ITEMS - BATCH, failed: BATCH } }],
    errors: [{ what: "tolerated", error: "States.TaskFailed" }],
  });
});

step("leaves the same results in the bucket and in data/", async () => {
  const there = resultFiles(await bucket.objects());
  const here = resultFiles(localObjects());
  expect(Object.keys(here).sort()).toEqual(["FAILED_0.json", "SUCCEEDED_0.json", "manifest.json"]);
  expect(Object.keys(there).sort()).toEqual(Object.keys(here).sort());
  const facts = (results: Json) =>
    (results as Record<string, Json>[]).map(({ Status, Input, Output, Error: error, ...rest }) => ({
      ...{ Status, error, fields: Object.keys(rest).sort() },
      ...{ input: JSON.parse(Input as string), output: Output === undefined ? null : JSON.parse(Output as string) },
    }));
  for (const name of ["SUCCEEDED_0.json", "FAILED_0.json"]) expect(facts(here[name]!)).toEqual(facts(there[name]!));
  expect([here["SUCCEEDED_0.json"], here["FAILED_0.json"]]).toMatchObject([{ length: 29 }, { length: 1 }]);
  const sizes = (manifest: Json) =>
    withoutIds(JSON.parse(JSON.stringify(manifest, (key, value) => (key === "Size" ? 0 : value))));
  expect(sizes(here["manifest.json"]!)).toEqual(sizes(there["manifest.json"]!));
});

step("a redrive runs only the batch that failed, after its cause is mended", async () => {
  const needs = `needs:${await bucket.create()}/mended`;
  const items = Array.from({ length: 40 }, (_, i) => `${i === BATCH ? needs : `item-${i}`},x`);
  await bucket.put("in/items.csv", ["name,rest", ...items].join("\n"));
  const failed = await project.startWorkflow("start", "--name", "redriven", "--report", "failed.json").ended;
  expect(failed.status).toBe(1);
  await bucket.put("mended", "found\n");

  const { output, status } = await project.startWorkflow("redrive", "latest", "--report", "redriven.json").ended;

  expect({ status, output }).toMatchObject({
    status: 0,
    output: expect.stringContaining("redriven: failed states run"),
  });
  const counts = { total: 40, succeeded: 40, failed: 0, aborted: 0 };
  expect(comparable("redriven.json")).toMatchObject({
    status: "SUCCEEDED",
    map: { outcome: "succeeded", items: 40, tolerated: 0 },
    runs: [{ state: "each", items: counts }],
  });
});
