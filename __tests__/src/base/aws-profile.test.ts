import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { awsProfile } from "../../../src/base/aws-profile";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "profile-test-"));
  mkdirSync(join(home, ".aws"));
});
afterEach(() => rmSync(home, { recursive: true }));

const CONFIG = `
# region = no-1
[default]
output = json
region=us-east-1
[profile work]
  region = no-2
region = us-west-2 # ours
[sso-session work]
region = no-3
[profile empty]
s3 =
  region = no-4
`;

test.each<[string, NodeJS.ProcessEnv, object]>([
  ["the default profile", {}, { name: "default", region: "us-east-1" }],
  ["AWS_PROFILE", { AWS_PROFILE: "work" }, { name: "work", region: "us-west-2" }],
  ["a profile without a region", { AWS_PROFILE: "empty" }, { name: "empty", region: null }],
  ["a profile that is not there", { AWS_PROFILE: "other" }, { name: "other", region: null }],
  ["the file of the credentials", { AWS_PROFILE: "keys" }, { name: "keys", region: "eu-north-1" }],
  ["a file that is not there", { AWS_CONFIG_FILE: "/nowhere" }, { name: "default", region: null }],
])("%s", (_, environment, expected) => {
  writeFileSync(join(home, ".aws/config"), CONFIG);
  writeFileSync(join(home, ".aws/credentials"), "[keys]\nregion = eu-north-1\n");
  expect(awsProfile({ HOME: home, ...environment })).toEqual(expected);
});

test("AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE take the place of the usual files", () => {
  writeFileSync(join(home, ".aws/config"), CONFIG);
  const [config, credentials] = [join(home, "config"), join(home, "credentials")];
  writeFileSync(config, "[default]\n");
  writeFileSync(credentials, "[default]\r\nregion = eu-north-1\r\n");
  const environment = { HOME: home, AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials };
  expect(awsProfile(environment)).toEqual({ name: "default", region: "eu-north-1" });
});
