import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JobDetail } from "@aws-sdk/client-batch";
import { describeTask } from "../../../../src/aws/job-task";
import { UsageError } from "../../../../src/base/errors";
import { shell } from "../../../../src/cli/commands/shell";
import { howToInstall } from "../../../../src/cli/shell/install-advice";
import type { ExecutionEvent } from "../../../../src/execution/events";
import { act, recordSession } from "../../../terminal";
import { emitAll, execution, STATE_MACHINE, scene } from "../scene";

const FOLDER = mkdtempSync(join(tmpdir(), "shell-on-aws-"));
afterAll(() => rmSync(FOLDER, { recursive: true }));
for (const program of ["aws", "session-manager-plugin"]) writeFileSync(join(FOLDER, program), "", { mode: 0o755 });

const ID = "4c4b8dcb-7d3e-4f5c-9d0a-1c1f2f3f4f5f";
const TASK = "arn:aws:ecs:eu-west-1:123456789012:task/AWSBatch-echo_dev-4c5b/f0e1d2c3b4a5";

/** The parts of an answer of DescribeJobs that matter. */
const DETAIL: Partial<JobDetail> = {
  jobId: ID,
  jobName: "one",
  status: "RUNNING",
  container: {
    image: "echo",
    taskArn: TASK,
    logStreamName: "echo_dev_echo/default/f0e1d2c3b4a5",
    enableExecuteCommand: true,
  },
};

const EVENTS: ExecutionEvent[] = [
  { at: 1000, type: "execution-started", name: "mine", input: {} },
  { at: 1200, type: "job-submitted", state: "only", indices: [0], jobId: "ended", jobName: "job" },
  { at: 1200, type: "job-submitted", state: "only", indices: [1], jobId: ID, jobName: "job" },
  { at: 1200, type: "job-submitted", state: "later", indices: [], jobId: "later", jobName: "later" },
  { at: 1500, type: "job-status", jobId: "ended", status: "SUCCEEDED", reason: null },
  { at: 1500, type: "job-status", jobId: ID, status: "RUNNING", reason: null },
  { at: 1500, type: "job-status", jobId: "later", status: "RUNNABLE", reason: null },
];

interface Given {
  readonly detail?: Partial<JobDetail> | null;
  readonly status?: "RUNNING" | "SUCCEEDED";
  readonly path?: string;
  readonly isTTY?: boolean;
}

async function opening(
  options: Partial<Parameters<typeof shell.action>[0]>,
  { detail = DETAIL, status = "RUNNING", path = FOLDER, isTTY = true }: Given = {},
) {
  const programs: string[][] = [];
  const terminal = recordSession({}, { isTTY }).session;
  const { session, calls } = scene({
    executions: [execution("mine", status)],
    watch: emitAll(EVENTS),
    aws: {
      describeTask: (_, id) => {
        calls.push(`describe ${id}`);
        const send = async () => ({ jobs: detail === null ? [] : [detail] });
        return describeTask({ batch: { send } } as never, id);
      },
    },
    session: {
      environment: { PATH: path },
      stdout: terminal.stdout,
      ask: isTTY ? async () => "" : null,
      inForeground: async (program, args) => {
        programs.push([program, ...args]);
        return 5;
      },
    },
  });
  return { code: await act(shell, options, session), programs, calls };
}

const execute = (command: string) => [
  join(FOLDER, "aws"),
  ...["ecs", "execute-command", "--region", "eu-west-1", "--cluster", "AWSBatch-echo_dev-4c5b", "--task", TASK],
  ...["--container", "default", "--interactive", "--command", command],
];
const BEST_SHELL = "sh -c 'command -v bash >/dev/null && exec bash; exec sh'";

test.each(["only[1]", "only", "job", "latest", undefined])("opens a shell in the running job, by %s", async (job) => {
  const { code, programs, calls } = await opening({ job });
  expect([code, programs]).toEqual([5, [execute(BEST_SHELL)]]);
  expect(calls).toEqual([
    "connect eu-west-1",
    `find latest of ${STATE_MACHINE}`,
    `watch ${execution("mine").arn}, logs none`,
    `describe ${ID}`,
  ]);
});

test("a job's id needs no execution, and a command is quoted", async () => {
  const { programs, calls } = await opening({ job: ID, command: ["sh", "-c", "echo it's $HOME"] });
  expect(programs).toEqual([execute("sh -c 'echo it'\\''s $HOME'")]);
  expect(calls).toEqual(["connect eu-west-1", `describe ${ID}`]);
});

const container = DETAIL.container!;

test.each<[string, Partial<Parameters<typeof shell.action>[0]>, Given, string]>([
  [
    "without a terminal",
    {},
    { isTTY: false },
    "on AWS, `shell` needs a terminal, because ECS Exec does; run it in one",
  ],
  [
    "of an execution that has ended",
    {},
    { status: "SUCCEEDED" },
    "the execution mine has ended: SUCCEEDED; only a running job can be entered",
  ],
  [
    "in a job that waits",
    { job: "later" },
    {},
    "the job later is RUNNABLE: it has no container yet; try again when it is RUNNING",
  ],
  [
    "in a job that waits, by its id",
    { job: ID },
    { detail: { ...DETAIL, status: "STARTING", container: {} } },
    "the job one is STARTING: it has no container yet; try again when it is RUNNING",
  ],
  [
    "in a job that has ended by now",
    { job: "only" },
    { detail: { ...DETAIL, status: "FAILED" } },
    "the job one has ended: FAILED; its container is gone",
  ],
  [
    "in a job without `exec`",
    { job: "only" },
    { detail: { ...DETAIL, container: { ...container, enableExecuteCommand: false } } },
    "the job one does not allow a shell; set `exec` of the job to true in cdktf.json and deploy. Jobs that start then allow it",
  ],
  [
    "in a job without a task",
    { job: "only" },
    { detail: { ...DETAIL, container: { enableExecuteCommand: true } } },
    "AWS names no task of the job one yet; try again in a moment",
  ],
  [
    "in an array of jobs",
    { job: ID },
    { detail: { ...DETAIL, arrayProperties: { size: 3 }, container: {} } },
    `the job one is an array of 3 jobs; name one of them, such as ${ID}:0`,
  ],
  ["in a job that Batch has forgotten", { job: ID }, { detail: null }, `AWS Batch knows no job with the id ${ID}`],
])("opens no shell %s", async (_, options, given, message) => {
  await expect(opening(options, given)).rejects.toThrow(new UsageError(message));
});

test("a task of the old kind, without its cluster in the ARN, needs no cluster", async () => {
  const taskArn = "arn:aws:ecs:eu-west-1:123456789012:task/f0e1d2c3b4a5";
  const { programs } = await opening({ job: ID }, { detail: { ...DETAIL, container: { ...container, taskArn } } });
  expect(programs[0]!.slice(1, 7)).toEqual(["ecs", "execute-command", "--region", "eu-west-1", "--task", taskArn]);
});

test("says how to install what is missing, before it asks AWS", async () => {
  const empty = mkdtempSync(join(FOLDER, "empty-"));
  await expect(opening({}, { path: empty })).rejects.toThrow(new UsageError(howToInstall("aws", false)));
  writeFileSync(join(empty, "aws"), "", { mode: 0o755 });
  writeFileSync(join(empty, "dpkg"), "", { mode: 0o755 });
  await expect(opening({}, { path: empty })).rejects.toThrow(
    new UsageError(howToInstall("session-manager-plugin", true)),
  );
});

const PLUGIN = "https://s3.amazonaws.com/session-manager-downloads/plugin/latest";

test.each<[string, boolean, NodeJS.Platform, NodeJS.Architecture, string]>([
  ["aws", false, "darwin", "arm64", "brew install awscli"],
  [
    "aws",
    true,
    "linux",
    "arm64",
    "curl -sSo /tmp/awscli.zip https://awscli.amazonaws.com/awscli-exe-linux-aarch64.zip && unzip -qod /tmp /tmp/awscli.zip && sudo /tmp/aws/install",
  ],
  ["session-manager-plugin", false, "darwin", "x64", "brew install --cask session-manager-plugin"],
  [
    "session-manager-plugin",
    true,
    "linux",
    "x64",
    `curl -sSo /tmp/plugin.deb ${PLUGIN}/ubuntu_64bit/session-manager-plugin.deb && sudo dpkg -i /tmp/plugin.deb`,
  ],
  [
    "session-manager-plugin",
    false,
    "linux",
    "arm64",
    `sudo dnf install -y ${PLUGIN}/linux_arm64/session-manager-plugin.rpm`,
  ],
])("the command that installs %s (Debian: %p) on %s %s", (program, isDebian, platform, arch, command) => {
  expect(howToInstall(program, isDebian, { platform, arch })).toContain(
    `install it with\n  ${command}\nor see https://`,
  );
});

test("on another system, the message has only the page", () => {
  expect(howToInstall("session-manager-plugin", false, { platform: "freebsd", arch: "x64" })).toBe(
    "the Session Manager plugin of the AWS CLI is missing, and a shell in a job on AWS needs it; see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html",
  );
});
