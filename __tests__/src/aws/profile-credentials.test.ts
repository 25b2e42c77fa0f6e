import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { profileVariables } from "../../../src/aws/profile-credentials";

const folder = mkdtempSync(join(tmpdir(), "profile-credentials-test-"));
const own = { ...process.env };
beforeAll(() => {
  const keys = "aws_access_key_id=AKIDEXAMPLE\naws_secret_access_key=secret\n";
  const sso = "sso_start_url=https://example.com\nsso_region=eu-west-1\nsso_account_id=1\nsso_role_name=r\n";
  const config = `[profile work]\n${keys}region=eu-central-1\n[profile session]\n${keys}aws_session_token=token\n[profile sso]\n${sso}`;
  writeFileSync(join(folder, "config"), config);
  // The SDK reads the process's own environment.
  Object.assign(process.env, {
    AWS_CONFIG_FILE: join(folder, "config"),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, "none"),
    HOME: folder,
    AWS_ACCESS_KEY_ID: "own",
    AWS_SECRET_ACCESS_KEY: "own",
  });
});
afterAll(() => {
  process.env = own;
  rmSync(folder, { recursive: true });
});

test("a profile gives its credentials and its region, not those of the environment", async () => {
  expect(await profileVariables("work", "us-east-1", process.env)).toEqual({
    environment: { AWS_REGION: "eu-central-1", AWS_DEFAULT_REGION: "eu-central-1" },
    secrets: { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" },
  });
});

test("a profile of a session gives its token, and without a region the given one", async () => {
  expect(await profileVariables("session", "us-east-1", process.env)).toEqual({
    environment: { AWS_REGION: "us-east-1", AWS_DEFAULT_REGION: "us-east-1" },
    secrets: { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret", AWS_SESSION_TOKEN: "token" },
  });
});

test("an unknown profile is refused, and never replaced by the credentials of the machine", async () => {
  await expect(profileVariables("wrok", "us-east-1", process.env)).rejects.toThrow(
    "`--aws-profile` must name a profile of this machine, got: wrok; did you mean work?",
  );
});

test("a profile without a login says how to log in", async () => {
  await expect(profileVariables("sso", "us-east-1", process.env)).rejects.toThrow(
    /^the profile sso has no credentials: .*; run `aws sso login --profile sso`, or check the profile$/,
  );
});
