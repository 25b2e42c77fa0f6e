import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../../../src/base/errors";
import { identityOf, processTable } from "../../../../src/base/process-identity";
import { shell } from "../../../../src/cli/commands/shell";
import { createRun } from "../../../../src/local/runs/run-folder";
import type { RunHead } from "../../../../src/local/runs/run-head";
import { SOURCE } from "../../../run-source";
import { act, recordSession } from "../../../terminal";

const FOLDER = mkdtempSync(join(tmpdir(), "shell-here-"));
const DOCKER = join(FOLDER, "docker");
const ID = "4c4b8dcb-7d3e-4f5c-9d0a-1c1f2f3f4f5f";
const ROWS = [
  `c2\tjob-${ID}-7-1\trun-2\t${ID}:7\twide:7`,
  `c1\tmy-job-${ID}-2\trun-1\t${ID}\tone[3]`,
  "foreign\tsomething",
];

afterAll(() => rmSync(FOLDER, { recursive: true }));

interface Docker {
  readonly rows?: readonly string[];
  /** The script for `docker exec`, which looks for a shell. */
  readonly exec?: string;
  readonly running?: boolean;
  readonly ps?: string;
}

/** Opens a shell with a fake Docker CLI in the PATH. */
async function opening(
  options: Partial<Parameters<typeof shell.action>[0]>,
  { rows = ROWS, exec = "echo /bin/bash", running = true, ps = `cat '${FOLDER}/rows'` }: Docker = {},
  { isTTY = true, code = 0, runsFolders = [] as readonly string[] } = {},
) {
  writeFileSync(join(FOLDER, "rows"), rows.map((row) => `${row}\n`).join(""));
  rmSync(join(FOLDER, "calls"), { force: true });
  const script = `printf '%s\\n' "$*" >> '${FOLDER}/calls'
case "$1" in ps) ${ps} ;; exec) ${exec} ;; inspect) echo ${running} ;; esac`;
  writeFileSync(DOCKER, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const programs: string[][] = [];
  const { session, output } = recordSession(
    {
      environment: { PATH: FOLDER },
      runsFolders,
      ask: isTTY ? async () => "" : null,
      inForeground: async (program, args) => {
        programs.push([program, ...args]);
        return code;
      },
    },
    { isTTY },
  );
  return { code: await act(shell, { local: true, ...options }, session), programs, output };
}

const TTY = ["--tty", "--detach-keys", "ctrl-@,ctrl-@"];

test("opens the best shell of the image, on a terminal", async () => {
  const { programs } = await opening({ job: "one[3]" });
  expect(programs).toEqual([[DOCKER, "exec", "--interactive", ...TTY, "c1", "/bin/bash"]]);
  expect(readFileSync(join(FOLDER, "calls"), "utf8").split("\n")[1]).toBe(
    "exec c1 sh -c command -v bash || command -v sh",
  );
});

test("without a terminal, passes standard input on, and gives the exit code", async () => {
  const { programs, code } = await opening({ job: "my-job" }, { exec: "echo /bin/sh" }, { isTTY: false, code: 3 });
  expect([code, programs]).toEqual([3, [[DOCKER, "exec", "--interactive", "c1", "/bin/sh"]]]);
});

test("runs a command without a look for a shell", async () => {
  const { programs } = await opening({ job: `${ID}:7`, command: ["ls", "a b"] }, { exec: "exit 1" });
  expect(programs).toEqual([[DOCKER, "exec", "--interactive", ...TTY, "c2", "ls", "a b"]]);
});

test.each([
  ["latest", undefined, "c2"],
  [undefined, "run-1", "c1"],
])("the job %s of the execution %s", async (job, execution, container) => {
  const { programs } = await opening({ job, execution });
  expect(programs[0]!.at(-2)).toBe(container);
});

test("says that the job has ended with its shell", async () => {
  const { code, output } = await opening({ job: "one" }, { running: false }, { code: 137 });
  expect([code, output.stderr]).toEqual([137, "the job one[3] has ended, and its container with it\n"]);
  const killed = await opening({ job: "one" }, {}, { code: 137 });
  expect(killed.output.stderr).toBe("");
});

test.each<[Partial<Parameters<typeof shell.action>[0]>, Docker, string]>([
  [
    {},
    {},
    `several jobs are running: one[3] (${ID}), wide:7 (${ID}:7); name one by its state with its items, or by its id`,
  ],
  [
    {},
    { rows: [] },
    "no job runs in a container of this machine; a job that waits has none yet. Leave out `--local` for AWS",
  ],
  [
    { execution: "run-3" },
    {},
    "no job of run-3 runs in a container of this machine; a job that waits has none yet. Leave out `--local` for AWS",
  ],
  [
    { job: "one" },
    { exec: "echo 'exec: \"sh\": executable file not found in $PATH' >&2; exit 127" },
    "the image of the job one[3] has no shell; run one of its programs with `npx workflow shell one[3] --local -- PROGRAM`",
  ],
  [{ job: "one" }, { exec: "exit 1", running: false }, "the job one[3] has ended; its container is gone"],
  [{}, { ps: "echo Cannot connect >&2; exit 1" }, "no Docker engine answers: Cannot connect; start one"],
])("refuses %j %j", async (options, docker, message) => {
  await expect(opening(options, docker)).rejects.toThrow(new UsageError(message));
  expect(existsSync(join(FOLDER, "calls"))).toBe(true);
});

test("says that the jobs of a run are processes, without a container", async () => {
  const runs = mkdtempSync(join(FOLDER, "runs-"));
  const head: RunHead = {
    name: "run-9",
    workflow: "echo_dev",
    startedAt: 1,
    stoppedAt: null,
    status: "RUNNING",
    redriveCount: 0,
    engine: "process",
    region: null,
    source: SOURCE,
    cost: null,
    process: identityOf(process.pid, processTable()),
  };
  createRun(runs, head, { definition: {}, input: {} });
  await expect(opening({}, { rows: [] }, { runsFolders: [runs] })).rejects.toThrow(
    new UsageError(
      "the jobs of run-9 are plain processes of this machine, without a container to enter; `ps` lists them",
    ),
  );
});

test("says that Docker is missing", async () => {
  const { session } = recordSession();
  await expect(act(shell, { local: true }, session)).rejects.toThrow(
    new UsageError("there is no command docker here, and a shell in a job of a local run needs it; install Docker"),
  );
});
