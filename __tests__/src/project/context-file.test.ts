import { SettingsError } from "../../../src/base/errors";
import { contextOf } from "../../../src/project/context-file";
import { loadSettings } from "../../../src/project/load-settings";

let file: string;
jest.mock("../../../src/base/text-file", () => ({
  ...jest.requireActual("../../../src/base/text-file"),
  readTextFile: () => file,
}));

test("settings beside the context of cdktf.json", () => {
  expect(() => contextOf('{"region": "eu-west-1", "context": {}}')).toThrow(
    "`region` in cdktf.json has no effect outside of `context`; move it into `context`",
  );
});

test.each([
  ['{\n  "app": "x", // a comment\n}', "cdktf.json: line 2, column 15: JSON has no comments; remove the comment"],
  ["[]", "cdktf.json must hold an object, got: []; put it in { and }"],
  ['{"contxt": {}}', "`contxt` in cdktf.json has no effect; did you mean context?"],
])("the text %j of cdktf.json", (text, message) => {
  expect(() => contextOf(text)).toThrow(new SettingsError(message));
});

test("cdktf.json may begin with a byte order mark", () => {
  expect(contextOf('\uFEFF{"context": {"name": "x"}}')).toEqual({ name: "x" });
});

/** Returns what is wrong with the settings in a cdktf.json. */
function problems(text: string, environment: NodeJS.ProcessEnv = {}): string[] {
  file = text;
  try {
    loadSettings(environment);
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.message.split("\n").map((line) => line.slice(0, 60));
  }
}

test("each problem has the place of its value in cdktf.json", () => {
  const text = `{
  "context": {
    "rejion": 1,
    "maxVcpus": 0,
    "statements": [{ "Effect": "Allow", "Action": "s3:*",
      "Resource": "mine" }],
    "jobs": {
      "echo": {
        "image": "image", "vcpus": 1, "memoryMiB": 2048, "attempts": 1,
        "enviroment": {},
        "environment": { "A": "1",
          "b/~c": "2" }
      },
      "Bad": {}
    }
  }
}`;
  expect(problems(text)).toEqual([
    "cdktf.json:3:5: `rejion` in the context of cdktf.json is not",
    "cdktf.json:4:5: `maxVcpus` must be a whole number from 1 to ",
    'cdktf.json:6:7: `statements[0].Resource` must be an ARN, "*"',
    "cdktf.json:8:7: `jobs.echo.timeoutSeconds` is missing; set i",
    "cdktf.json:12:11: `jobs.echo.environment.b/~c` must have a n",
    "cdktf.json:10:9: `jobs.echo.enviroment` in the context of cd",
    "cdktf.json:14:7: `jobs.Bad` must have a name of lower-case w",
  ]);
});

test("a problem between settings has its place, and one of a variable has none", () => {
  const job = { image: "image", vcpus: 1, memoryMiB: 512, timeoutSeconds: 60, attempts: 1 };
  const text = JSON.stringify({ context: { compute: ["FARGATE", "EC2"], jobs: { echo: job } } });
  expect(problems(text, { WORKFLOW_SUBNETS: "subnet-1" })).toEqual([
    "cdktf.json:1:13: `compute` must be all of FARGATE and FARGAT",
    "`subnets` must name subnets of the VPC in `network`, and be ",
  ]);
});
