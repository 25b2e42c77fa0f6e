import { hintFor } from "../../../src/execution/hints";

test.each([
  ["sh: can't create /tmp/part: Read-only file system", "readonlyRootFilesystem"],
  ["OSError: [Errno 30] Read-only file system: '/tmp/part'", "readonlyRootFilesystem"],
  ["Error: EROFS: read-only file system, open '/part'", "readonlyRootFilesystem"],
  ["exec /usr/bin/python3: exec format error", "architecture"],
  ["cp: error writing 'x': No space left on device", "ephemeralStorageGiB"],
  ["write /dev/shm/torch_1: No space left on device", "sharedMemoryMiB"],
  ["ERROR: Unexpected bus error. This might be caused by insufficient shared memory (shm).", "sharedMemoryMiB"],
  ["OutOfMemoryError: Container killed due to memory usage", "memoryMiB"],
  ["java.lang.OutOfMemoryError: Java heap space", "memoryMiB"],
  ["FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", "memoryMiB"],
  ["Host EC2 (instance i-0123456789abcdef0) terminated.", "attempts"],
  ["Your Spot Task was interrupted.", "attempts"],
  ["fatal error: Unable to locate credentials", "--aws-profile"],
  ["CredentialsProviderError: Could not load credentials from any providers", "--aws-profile"],
  ["An error occurred (AccessDenied) when calling the GetObject operation", "statements"],
  ["User: arn:aws:sts::1:assumed-role/x is not authorized to perform: s3:GetObject", "statements"],
  ["Canceled by JobStateTimeLimit action due to reason: CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY", "compute"],
  ["Canceled by JobStateTimeLimit action due to reason: MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE", "maxVcpus"],
  ["Canceled by JobStateTimeLimit action due to reason: MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT", "instanceTypes"],
])("the hint for '%s' names %s", (line, setting) => {
  expect(hintFor(["before", line, null, undefined])).toContain(`\`${setting}\``);
});

test("there is no hint for any other text", () => {
  expect(hintFor(["Traceback (most recent call last)", null])).toBeNull();
  expect(hintFor([])).toBeNull();
});
