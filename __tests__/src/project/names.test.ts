import fc from "fast-check";
import {
  environmentName,
  jobDefinitionPlaceholder,
  resourceName,
  SHORT_NAME,
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
    { numRuns: 2000 },
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
