import fc from "fast-check";
import { SettingsError } from "../errors";
import { describeSettings, environmentName, jobDefinitionPlaceholder, loadSettings, resourceName } from "../settings";

const echo = { image: "image", vcpus: 0.25, memoryMiB: 512, timeoutSeconds: 3600, attempts: 3 };
const context = { jobs: { echo } };

function problems(environment: NodeJS.ProcessEnv, given: unknown = context): string[] {
  try {
    loadSettings(environment, given);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    return (error as SettingsError).message.split("\n");
  }
  throw new Error("the settings were taken");
}

describe("defaults", () => {
  test("hold where nothing is set", () => {
    expect(loadSettings({}, context)).toEqual({
      name: "echo",
      environment: "dev",
      region: "eu-west-1",
      document: "workflow/echo.asl.json",
      maxVcpus: 10,
      logRetentionDays: 30,
      jobs: { echo: { ...echo, command: [], parameters: {}, localCommand: null } },
    });
  });

  test("give way to the context, and that to the environment", () => {
    const given = { ...context, name: "from-context", maxVcpus: 4 };
    const origins = describeSettings({ WORKFLOW_NAME: "from-variable", WORKFLOW_ENVIRONMENT: "" }, given).map(
      ({ name, value, origin }) => [name, value, origin],
    );
    expect(origins.slice(0, -1)).toEqual([
      ["name", "from-variable", "environment"],
      ["environment", "dev", "default"],
      ["region", "eu-west-1", "default"],
      ["document", "workflow/echo.asl.json", "default"],
      ["maxVcpus", 4, "cdktf.json"],
      ["logRetentionDays", 30, "default"],
    ]);
  });

  test("of this project's cdktf.json are good", () => {
    expect(loadSettings({}).jobs.echo).toEqual({
      ...echo,
      command: [],
      parameters: {},
      localCommand: ["/bin/sh", "image/echo.sh"],
    });
  });
});

describe("good values", () => {
  test.each([
    ["WORKFLOW_NAME", "name", "nightly-2", "nightly-2"],
    ["WORKFLOW_ENVIRONMENT", "environment", "prod", "prod"],
    ["AWS_REGION", "region", "us-gov-west-1", "us-gov-west-1"],
    ["WORKFLOW_DOCUMENT", "document", "workflow/other.asl.json", "workflow/other.asl.json"],
    ["WORKFLOW_MAX_VCPUS", "maxVcpus", "256", 256],
    ["WORKFLOW_LOG_RETENTION_DAYS", "logRetentionDays", "365", 365],
  ] as const)("%s=%s", (variable, name, text, value) => {
    expect(loadSettings({ [variable]: text }, context)[name]).toBe(value);
  });
});

describe("bad values", () => {
  test("are reported all at once, each with its rule, what was got and where to set it", () => {
    expect(
      problems({
        WORKFLOW_NAME: "Echo",
        WORKFLOW_ENVIRONMENT: "  ",
        AWS_REGION: "Ireland",
        WORKFLOW_DOCUMENT: "workflow/echo.json",
        WORKFLOW_MAX_VCPUS: "0",
        WORKFLOW_LOG_RETENTION_DAYS: "31",
      }),
    ).toEqual([
      '`name` must be a lower-case name of at most 20 letters, digits and single dashes, a letter first, got: "Echo"; set WORKFLOW_NAME',
      '`environment` must be some text, such as a branch\'s name, got: "  "; set WORKFLOW_ENVIRONMENT',
      '`region` must be an AWS region, such as eu-west-1, got: "Ireland"; set AWS_REGION',
      '`document` must be the path of a file that ends in .asl.json, got: "workflow/echo.json"; set WORKFLOW_DOCUMENT',
      '`maxVcpus` must be a whole number from 1 to 10000, got: "0"; set WORKFLOW_MAX_VCPUS',
      expect.stringMatching(/^`logRetentionDays` must be one of 1, 3, .*, got: "31"; set WORKFLOW_LOG_RETENTION_DAYS$/),
    ]);
  });

  test.each(["1.5", "-1", "1e3", "0x10", " 5", "ten"])("a number is not guessed from %j", (text) => {
    expect(problems({ WORKFLOW_MAX_VCPUS: text })).toHaveLength(1);
  });

  test("of a job are named by their path", () => {
    expect(problems({}, { jobs: { echo: { ...echo, timeoutSeconds: 59, attempts: "3", memory: 1 } } })).toEqual([
      "`jobs.echo.timeoutSeconds` is wrong: too small: expected number to be >=60, got: 59; set it in the context of cdktf.json",
      '`jobs.echo.attempts` is wrong: invalid input: expected number, received string, got: "3"; set it in the context of cdktf.json',
      expect.stringMatching(/^`jobs.echo` is wrong: unrecognized key: "memory"/),
    ]);
  });

  test("include having no job", () => {
    expect(problems({}, {})).toEqual([
      "`jobs` must be an object with at least one job, got: {}; set it in the context of cdktf.json",
    ]);
  });

  test("include variables and keys that are no settings", () => {
    expect(problems({ WORKFLOW_ENVIROMENT: "prod" }, { ...context, maxVcpu: 3 })).toEqual([
      "`maxVcpu` in the context of cdktf.json is no setting; the settings are name, environment, region, document, maxVcpus, logRetentionDays, jobs",
      "`WORKFLOW_ENVIROMENT` is no setting; the variables are WORKFLOW_NAME, WORKFLOW_ENVIRONMENT, AWS_REGION, WORKFLOW_DOCUMENT, WORKFLOW_MAX_VCPUS, WORKFLOW_LOG_RETENTION_DAYS",
    ]);
  });
});

describe("names", () => {
  test("a short name stays, any other text gets a hash", () => {
    expect(environmentName("dev")).toBe("dev");
    expect(environmentName("feature/Add_thing")).toBe("feature-add-e754e0e5");
    expect(environmentName("日本")).toBe("env-cf2abf0c");
  });

  test("two texts never share a name, and no name is too long or refused by AWS", () => {
    const text = fc.oneof(fc.string({ minLength: 1 }), fc.stringMatching(/^[a-zA-Z/_-]{1,40}$/));
    fc.assert(
      fc.property(text, text, (one, other) => {
        fc.pre(one !== other);
        expect(environmentName(one)).not.toBe(environmentName(other));
        expect(environmentName(one)).toMatch(/^[a-z](-?[a-z0-9])*$/);
        const settings = { ...loadSettings({}, context), name: "n".repeat(20), environment: environmentName(one) };
        expect(resourceName(settings, "j".repeat(20)).length).toBeLessThanOrEqual(64);
      }),
    );
  });

  test("a job's placeholder is its name in Pascal case", () => {
    expect(jobDefinitionPlaceholder("echo")).toBe("EchoJobDefinitionArn");
    expect(jobDefinitionPlaceholder("train-model2")).toBe("TrainModel2JobDefinitionArn");
  });
});
