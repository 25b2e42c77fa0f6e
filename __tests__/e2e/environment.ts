/** The region that is deployed to where a configuration says nothing else. */
export const REGION = "eu-west-1";

/** Credentials that no account of AWS would take. */
const CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" };

/** What every client of the AWS SDK is made of. */
export function clientConfiguration(region: string) {
  return { region, credentials: CREDENTIALS, endpoint: testEnvironment().AWS_ENDPOINT_URL! };
}

/**
 * The environment that the commands of the tests run in: nothing of it comes from a person's AWS configuration, so that they
 * can reach nothing but the emulator.
 * @throws Error when AWS_ENDPOINT_URL is not on this machine
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
