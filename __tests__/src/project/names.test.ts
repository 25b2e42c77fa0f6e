import fc from "fast-check";
import {
  BUCKET_NAME,
  dataBucketName,
  dataBucketOf,
  environmentName,
  jobDefinitionPlaceholder,
  resourceName,
  SHORT_NAME,
  stacksOf,
  stateMachineConsole,
} from "../../../src/project/names";

test("a short name stays, any other text gets a hash", () => {
  expect(environmentName("dev")).toBe("dev");
  expect(environmentName("feature/Add_thing")).toBe("feature-add-e754e0e5");
  expect(environmentName("日本")).toBe("env-cf2abf0c");
});

test("two texts never share a name, and every name is a short one", () => {
  const text = fc.oneof(fc.string({ minLength: 1 }), fc.stringMatching(/^[a-zA-Z/_-]{1,40}$/));
  fc.assert(
    fc.property(text, text, (one, other) => {
      fc.pre(one !== other);
      expect(environmentName(one)).not.toBe(environmentName(other));
      expect(environmentName(one)).toMatch(SHORT_NAME);
      expect(environmentName(environmentName(one))).toBe(environmentName(one));
    }),
  );
});

test("two deployments never share the name of a resource", () => {
  const short = fc.stringMatching(/^[a-c](-?[a-c]){0,3}$/);
  const parts = fc.tuple(short, short, short);
  fc.assert(
    fc.property(parts, parts, (one, other) => {
      fc.pre(one.join("/") !== other.join("/"));
      const name = ([name, environment, part]: [string, string, string]) => resourceName({ name, environment }, part);
      expect(name(one)).not.toBe(name(other));
    }),
    { numRuns: 500 },
  );
  expect(resourceName({ name: "a", environment: "b-c" }, "d")).not.toBe(
    resourceName({ name: "a-b", environment: "c" }, "d"),
  );
});

test("a job's placeholder is its name in Pascal case", () => {
  expect(jobDefinitionPlaceholder("echo")).toBe("EchoJobDefinitionArn");
  expect(jobDefinitionPlaceholder("train-model2")).toBe("TrainModel2JobDefinitionArn");
});

test.each([
  ["eu-west-1", "https://eu-west-1.console.aws.amazon.com"],
  ["cn-north-1", "https://console.amazonaws.cn"],
  ["us-gov-west-1", "https://console.amazonaws-us-gov.com"],
])("the console of %s is %s", (region, host) => {
  expect(stateMachineConsole(region, "ARN")).toBe(`${host}/states/home?region=${region}#/statemachines/view/ARN`);
});

describe("the bucket for data", () => {
  const ACCOUNT = "123456789012";
  const LONG = `${"a-".repeat(9)}aa`;

  test.each([
    ["eu-west-1", "euw1"],
    ["us-east-2", "use2"],
    ["ap-northeast-1", "apne1"],
    ["ap-southeast-3", "apse3"],
    ["ca-central-1", "cac1"],
    ["cn-northwest-1", "cnnw1"],
    ["us-gov-west-1", "usgovw1"],
  ])("in %s ends with %s, and its longest name is one that S3 takes", (region, short) => {
    expect(dataBucketName({ name: "echo", environment: "dev" }, ACCOUNT, region)).toBe(`echo--dev-${ACCOUNT}-${short}`);
    const longest = dataBucketName({ name: LONG, environment: LONG }, ACCOUNT, region);
    expect(longest).toMatch(BUCKET_NAME);
  });

  test("is another one for every name, environment, account and region", () => {
    const names = [
      dataBucketName({ name: "a-b", environment: "c" }, ACCOUNT, "eu-west-1"),
      dataBucketName({ name: "a", environment: "b-c" }, ACCOUNT, "eu-west-1"),
      dataBucketName({ name: "a", environment: "b-c" }, "210987654321", "eu-west-1"),
      dataBucketName({ name: "a", environment: "b-c" }, ACCOUNT, "eu-west-2"),
      dataBucketName({ name: "a", environment: "b-c" }, ACCOUNT, "us-west-2"),
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  test.each([
    ["none", null, ["image", "workflow"]],
    ["create", `echo--dev-${ACCOUNT}-euw1`, ["data", "image", "workflow"]],
    ["our-lake", "our-lake", ["image", "workflow"]],
  ])("with `data` %s is %s, in the stacks %j", (data, bucket, stacks) => {
    const settings = { name: "echo", environment: "dev", region: "eu-west-1", data };
    expect(dataBucketOf(settings, ACCOUNT)).toBe(bucket);
    expect(stacksOf(settings)).toEqual(stacks);
  });
});

test.each([
  ["our-data", true],
  ["a.b-c.d", true],
  ["192.168.5.4", false],
  ["xn--data", false],
  ["a..b", false],
  ["data-s3alias", false],
  ["data--ol-s3", false],
  ["Data", false],
  ["ab", false],
])("%s is the name of a bucket: %s", (name, isName) => {
  expect(BUCKET_NAME.test(name)).toBe(isName);
});
