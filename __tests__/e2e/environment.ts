/** The region of a deployment, unless a configuration sets another one. */
export const REGION = "eu-west-1";

/** Credentials that every AWS account rejects. */
const CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" };

/** The configuration of every AWS SDK client. */
export function clientConfiguration(region: string) {
  return { region, credentials: CREDENTIALS, endpoint: testEnvironment().AWS_ENDPOINT_URL! };
}

/**
 * The environment of the commands that the tests run. It contains nothing from a person's AWS configuration, so the commands
 * can reach only the emulator.
 * @throws Error if AWS_ENDPOINT_URL is not on this machine
 */
export function testEnvironment(): NodeJS.ProcessEnv {
  const endpoint = process.env.AWS_ENDPOINT_URL;
  if (endpoint && !/^(localhost|127\.[\d.]+|\[::1\])$/.test(new URL(endpoint).hostname)) {
    throw new Error(`AWS_ENDPOINT_URL must be on this machine, such as http://127.0.0.1:5555, got: ${endpoint}`);
  }
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|WORKFLOW_|CI$|STANDIN_FAIL$)/.test(name));
  return {
    ...Object.fromEntries(kept),
    ...(endpoint && { AWS_ENDPOINT_URL: endpoint }),
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_REGION: REGION,
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    CHECKPOINT_DISABLE: "1",
  };
}
