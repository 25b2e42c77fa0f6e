import { adviceFor } from "../../../src/terraform/terraform-advice";

const CALL = { binary: "terraform", subcommand: "apply", stack: "image", folder: "cdktf.out/stacks/image" };
const advice = (stderr: string) => adviceFor({ signal: null, stderr, interrupted: false }, CALL);

/** As Terraform 1.11.4 prints it, in colours. */
const LOCKED = `\u001b[31m╷\u001b[0m\u001b[0m
\u001b[31m│\u001b[0m \u001b[0m\u001b[1m\u001b[31mError: \u001b[0m\u001b[0m\u001b[1mError acquiring the state lock\u001b[0m
\u001b[31m│\u001b[0m \u001b[0m
\u001b[31m│\u001b[0m \u001b[0mError message: operation error S3: PutObject, https response error
\u001b[31m│\u001b[0m \u001b[0mLock Info:
\u001b[31m│\u001b[0m \u001b[0m  ID:        3c4a0a4b-ff35-b25a-d3f1-8ffbd4bc5a8c
\u001b[31m│\u001b[0m \u001b[0m  Path:      states/echo/dev/image.tfstate
\u001b[31m╵\u001b[0m\u001b[0m
`;

test("a lock that a killed command has left is released with its ID", () => {
  expect(advice(LOCKED)).toBe(
    "the state of image is locked; if nothing deploys or destroys it at the moment, a killed command has left the lock: release it with `terraform -chdir=cdktf.out/stacks/image force-unlock 3c4a0a4b-ff35-b25a-d3f1-8ffbd4bc5a8c`",
  );
});

test("a lock that cannot be taken for another reason is left to Terraform's message", () => {
  expect(advice("Error: Error acquiring the state lock\n\nError message: permission denied\n")).toBeNull();
});

test.each([
  [
    "a state that could not be saved",
    "Error: Failed to persist state to backend",
    "the state of image is in cdktf.out/stacks/image/errored.tfstate",
  ],
  [
    "a bucket for data that would be replaced",
    "│ Error: Instance cannot be destroyed\n│ \n│   on cdk.tf.json line 114, in resource.aws_s3_bucket:\n│ \n│ Resource aws_s3_bucket.data (data) has lifecycle.prevent_destroy set",
    "a deploy never replaces the bucket for data",
  ],
  [
    "a bucket whose state is lost",
    "│ Error: creating S3 Bucket (echo--dev-123456789012-euw1): operation error S3: CreateBucket, https response\n│ error StatusCode: 409, BucketAlreadyOwnedByYou:",
    "import aws_s3_bucket.data echo--dev-123456789012-euw1`, then start again",
  ],
  [
    "a bucket that was written to",
    "Error: deleting S3 Bucket (x): api error BucketNotEmpty: The bucket you tried to delete is not empty",
    "something still writes to the bucket of image; stop it",
  ],
  ["a backend that has changed", "Error: Backend configuration changed", "give `--migrate-state`"],
  [
    "another build of a provider",
    "the cached package for x does not match any of the checksums recorded in the dependency lock file",
    "remove cdktf.out/stacks/image/.terraform.lock.hcl and cdktf.out/stacks/image/.terraform/providers",
  ],
])("%s", (_, stderr, what) => {
  expect(advice(stderr)).toContain(what);
});

test("any other failure is left to Terraform's message", () => {
  expect(advice("Error: creating IAM Role (echo_dev_jobs): AccessDenied")).toBeNull();
});

test.each([
  [false, "the system does that when memory runs out"],
  [true, "it did not end by itself"],
])("a Terraform that was killed, interrupted before: %s", (interrupted, reason) => {
  expect(adviceFor({ signal: "SIGKILL", stderr: "", interrupted }, { ...CALL, binary: "tofu" })).toBe(
    `tofu was killed by SIGKILL while it ran apply in image; ${reason}. What it has done may not be in the state, and the state may be locked. Start again; if the state is locked, Terraform shows the lock's ID: \`tofu -chdir=cdktf.out/stacks/image force-unlock ID\` releases it`,
  );
});
