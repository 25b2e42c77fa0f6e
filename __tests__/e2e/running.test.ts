import { execFileSync, spawn } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import type { JobDetail } from "@aws-sdk/client-batch";
import { Emulator } from "./emulator";
import { Project } from "./project";
import { Relay } from "./relay";
import { testWith } from "./requirements";
import { SIGNED, TestBucket } from "./test-bucket";

const step = testWith("terraform", "deployments", "docker");

/** Prints its parameters, as the example does. Some make it fail, run for 15 seconds, or need an object of a bucket. */
const IMAGE = `#!/bin/sh
trap 'exit 143' TERM
for parameter in "$@"; do
  printf '%s\\n' "$parameter"
  case $parameter in
    fail) exit 7 ;;
    needs:*) wget -q -O - --header '${SIGNED}' "$AWS_ENDPOINT_URL/\${parameter#needs:}" || { sleep 3; exit 7; } ;;
    slow) for second in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do echo "second $second"; sleep 1 & wait $!; done ;;
  esac
done
`;
const OUTAGE_SECONDS = 10;

const input = (step1: string, step2: string[] = [], step3: string[] = []) =>
  JSON.stringify({ parameters: { step1_parameter: step1, step2_parameters: step2, step3_parameters: step3 } });
const FAILING = input("one", ["two", "fail"]);
const SLOW = input("slow", ["two"]);

let project: Project;
const bucket = new TestBucket();

beforeAll(() => {
  project = new Project();
  project.write("image/echo.sh", IMAGE);
});
afterAll(async () => {
  await bucket.dispose();
  project.dispose();
});

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command. When its standard error contains `until`, calls `react` once with a function that interrupts. */
function workflow(
  args: readonly string[],
  {
    stdin = "",
    variables = {},
    until,
    react,
  }: {
    stdin?: string;
    variables?: NodeJS.ProcessEnv;
    until?: string;
    react?: (interrupt: () => void) => void | Promise<void>;
  } = {},
): Promise<Ran> {
  const env = { ...project.variables, ...variables };
  const child = spawn(process.execPath, ["bin/workflow.js", ...args], { cwd: project.folder, env });
  const output = { stdout: "", stderr: "" };
  let isAwaited = until !== undefined;
  let after: Promise<void> = Promise.resolve();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      if (!isAwaited || !output.stderr.includes(until!)) return;
      isAwaited = false;
      after = Promise.resolve(react?.(() => child.kill("SIGINT")));
    });
  }
  child.stdin.end(stdin);
  return new Promise((resolve, reject) => {
    child.on("error", reject).on("close", (code) => after.then(() => resolve({ code, ...output }), reject));
  });
}

const start = (name: string, stdin: string, ...args: string[]) =>
  workflow(["start", "--name", name, "--input", "-", ...args], { stdin });

/** Returns the running executions of this deployment. */
function containers(): string[] {
  const images = execFileSync("docker", ["ps", "--format", "{{.Image}}"], { encoding: "utf8" }).split("\n");
  return images.filter((image) => image.includes(project.environment));
}

async function untilNoContainerRuns(): Promise<void> {
  for (let count = 0; containers().length > 0; count += 1) {
    if (count === 100) throw new Error(`containers still run: ${containers().join(", ")}`);
    await setTimeout(100);
  }
}

/** Returns the lines with job output, sorted, because jobs of a Map write at the same time. */
const written = (text: string) =>
  text
    .split("\n")
    .filter((line) => line.includes(" │ "))
    .sort();

/** Returns a report without the parts that differ between here and AWS: times, ids, the place, and what only one of them knows. */
function comparable(path: string): unknown {
  const left = new Set([
    "at",
    "compute",
    "cost",
    "id",
    "jobId",
    "place",
    "notices",
    "startedAt",
    "stoppedAt",
    "submittedAt",
    "usage",
    "waitedSeconds",
  ]);
  return JSON.parse(project.read(path), (key, value) => {
    if (left.has(key)) return undefined;
    // Here, the image is in the registry of no account.
    const namesImage = (key === "image" || key === "dockerRun") && typeof value === "string";
    return namesImage ? value.replace(/\b\d{12}(?=\.dkr\.ecr\.)/, "account") : value;
  });
}

step("is deployed", async () => {
  await project.deploy();
});

describe("start", () => {
  step("follows the example's five jobs to their end, and prints what they write", async () => {
    const { code, stdout, stderr } = await workflow(["start", "--name", "example", "--report", "there.json"]);
    expect({ code, stdout, written: written(stderr) }).toEqual({
      code: 0,
      stdout: "",
      written: ["step1 │ step1", "step2-0 │ step2a", "step2-1 │ step2b", "step3-0 │ step3a", "step3-1 │ step3b"],
    });
    expect(stderr).toMatch(/\nSUCCEEDED in .*, 5 jobs.*\n(report|trace) written to /);
  });

  step("gives the report that the same execution gives here, but for times, ids and place", async () => {
    const { code } = await workflow(["local", "--engine", "docker", "--name", "example", "--report", "here.json"]);
    expect(code).toBe(0);
    expect(comparable("here.json")).toEqual(comparable("there.json"));
    expect(comparable("here.json")).toMatchObject({ name: "example", status: "SUCCEEDED", jobs: { length: 5 } });
  });

  step("fails with a job, and names its state, index, exit code and last lines", async () => {
    const { code, stderr } = await start("failing", FAILING, "--report", "failing.html");
    expect(code).toBe(1);
    expect(stderr).toContain(`✗ step2_job[1] failed: States.TaskFailed, exit code 7, Essential container in task exited
    step2-1 │ fail
`);
    expect(stderr).toMatch(/\nFAILED in .*, 3 jobs: States\.TaskFailed.*\n/);
    expect(written(stderr).filter((line) => !/^ *step[12](-\d)? │ /.test(line))).toEqual([]);
    expect(project.read("failing.html")).toContain("step2-1");
  });
});

describe("an execution that was detached from", () => {
  step("is started, listed, watched, and its failed jobs' logs printed", async () => {
    const { code, stdout: arn } = await start("detached", FAILING, "--detach");
    expect(code).toBe(0);
    expect(arn).toMatch(/:execution:.*:detached\n$/);

    const watched = await workflow(["watch", "latest"]);
    expect(watched.code).toBe(1);
    expect(watched.stderr).toContain("✗ step2_job[1] failed: States.TaskFailed, exit code 7");

    expect((await workflow(["list", "--max", "1"])).stdout).toMatch(/^detached {2}FAILED {2}\S+Z {2}\d\.\d s\n$/);
    // The jobs of the emulator run in no cluster of ECS, so their compute is not known, and they have no price.
    const priced = await workflow(["list", "--max", "1", "--cost"]);
    expect(priced.stdout).toMatch(/^detached {2}FAILED {2}\S+Z {2}\d\.\d s\n$/);
    expect(priced.stderr).toBe("reading the jobs of 1 execution\n");
    expect(await workflow(["logs", arn.trim(), "--failed"])).toMatchObject({ code: 0, stdout: "step2-1 │ fail\n" });
    expect(await workflow(["logs", "--state", "step1"])).toMatchObject({ code: 0, stdout: "step1 │ one\n" });
  });

  step("is a case of a test afterwards, as the same execution here is", async () => {
    const recorded = await workflow(["test", "--record", "example"]);
    expect(recorded).toMatchObject({ code: 0, stdout: "" });
    const written = (name: string) => {
      const { cases } = JSON.parse(project.read("workflow/echo.test.json")) as { cases: { name: string }[] };
      return cases.find((one) => one.name === name);
    };
    const there = written("example");
    expect(await workflow(["test", "--record", "example", "--local"])).toMatchObject({ code: 2 });
    expect(await workflow(["test", "--record", "example", "--local", "--force"])).toMatchObject({ code: 0 });
    expect(written("example")).toEqual(there);
    expect(await workflow(["test", "--record", "failing"])).toMatchObject({ code: 0 });
    expect(written("failing")).toMatchObject({ expect: { status: "FAILED", error: "States.TaskFailed" } });
  });

  step("is a report afterwards", async () => {
    expect(await workflow(["report", "example", "afterwards.json"])).toMatchObject({ code: 0, stdout: "" });
    expect(comparable("afterwards.json")).toEqual(comparable("there.json"));
  });

  step.each(
    [
      ["start", "--name", "documented", "--json"],
      ["start", "--name", "documented-detached", "--detach", "--json"],
      ["watch", "failing", "--json"],
      ["list", "--json"],
      ["logs", "failing", "--json"],
      ["open", "--json"],
      ["open", "failing", "--json"],
      ["report", "failing", "report.html", "--json"],
      ["stop", "failing", "--json"],
      ["doctor", "--json"],
    ],
    (args) => `${args.join(" ")} prints one JSON document`,
    async (args) => {
      const { stdout } = await workflow(args);
      expect(JSON.parse(stdout)).toEqual(expect.any(Object));
    },
  );
});

describe("redrive", () => {
  const jobsIn = (path: string) => {
    const { jobs } = JSON.parse(project.read(path)) as { jobs: { name: string; status: string }[] };
    return jobs.map(({ name, status }) => `${name} ${status}`).sort();
  };

  step("runs only what failed, after its cause is mended, and ends well", async () => {
    const needs = `needs:${await bucket.create()}/sample`;
    const failed = await start("redriven", input("one", ["two", needs], ["three"]), "--report", "before.json");
    expect(failed.code).toBe(1);
    expect(jobsIn("before.json")).toEqual(["step1 SUCCEEDED", "step2-0 SUCCEEDED", "step2-1 FAILED"]);
    await bucket.put("sample", "found\n");

    const { code, stdout, stderr } = await workflow(["redrive", "latest", "--json", "--report", "redriven.json"]);

    expect(code).toBe(0);
    expect(jobsIn("redriven.json")).toEqual([
      "step1 SUCCEEDED",
      "step2-0 SUCCEEDED",
      "step2-1 FAILED",
      "step2-1 SUCCEEDED",
      "step3-0 SUCCEEDED",
    ]);
    expect(stderr).toMatch(/\nredriven: failed states run again\n.*\nstep2-1 │ found\n.*\nSUCCEEDED in /s);
    const redriven = { name: "redriven", status: "SUCCEEDED", error: null, redriveCount: 1 };
    expect(JSON.parse(stdout)).toMatchObject(redriven);
    expect(JSON.parse(project.read("redriven.json"))).toMatchObject(redriven);
    expect((await workflow(["list", "--max", "1"])).stdout).toMatch(/^redriven {2}SUCCEEDED .* redriven 1×\n$/);
  });

  step("of an execution that succeeded is refused", async () => {
    const { code, stderr } = await workflow(["redrive", "redriven"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/:redriven` cannot be redriven: .*; start a new one\n$/);
  });
});

describe("a running execution", () => {
  step("is stopped, and its container with it", async () => {
    await start("stopped", SLOW, "--timeout", "3");
    expect(containers()).toHaveLength(1);

    const { code, stderr } = await workflow(["stop", "--cause", "enough"]);

    expect({ code, stderr }).toEqual({ code: 0, stderr: "stopped the execution stopped\n" });
    await untilNoContainerRuns();
    const { stdout } = await workflow(["watch", "stopped", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ status: "ABORTED", cause: "enough" });
  });

  step("is stopped by Ctrl-C where that is asked for", async () => {
    const { code, stderr } = await workflow(
      ["start", "--name", "interrupted", "--input", "-", "--on-interrupt", "stop", "--report", "interrupted.json"],
      { stdin: SLOW, until: "second 1", react: (interrupt) => interrupt() },
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/\nABORTED in .*, 1 job: interrupted by the user.*\nreport written to /);
    expect(comparable("interrupted.json")).toMatchObject({ status: "ABORTED" });
    await untilNoContainerRuns();
  });

  step("goes on after Ctrl-C where nobody is there to ask, and can be watched again", async () => {
    const { code, stderr } = await workflow(["start", "--name", "left", "--input", "-"], {
      stdin: input("slow"),
      until: "second 1",
      react: (interrupt) => interrupt(),
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/\nthe execution continues; follow it with `npx workflow watch left`\n$/);

    const watched = await workflow(["watch"]);

    expect(watched.code).toBe(0);
    expect(watched.stderr.split("\n").filter((line) => /│ second \d+$/.test(line))).toHaveLength(15);
  });

  step("says why its job waits and where in the queue, and doctor finds the cause", async () => {
    const reason =
      "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than that can be met by the CE(s) attached to the job queue.";
    const emulator = await Emulator.start();
    // The emulator has room for every job. The relay makes a job that runs look like one that waits.
    let isStuck = true;
    let waiting: JobDetail | undefined;
    emulator.change<{ jobs: JobDetail[] }>("describejobs", ({ jobs }) => {
      if (!isStuck) return { jobs };
      [waiting] = jobs;
      return { jobs: jobs.map((job) => ({ ...job, status: "RUNNABLE", statusReason: reason, startedAt: undefined })) };
    });
    emulator.change("getjobqueuesnapshot", () => ({
      frontOfQueue: {
        jobs: [{ jobArn: "arn:aws:batch:eu-west-1:123456789012:job/other" }, { jobArn: waiting?.jobArn }],
      },
    }));
    const variables = { AWS_ENDPOINT_URL: emulator.url };
    try {
      let doctor: Ran | undefined;
      const { code, stderr } = await workflow(
        ["start", "--name", "waiting", "--input", "-", "--report", "waited.json"],
        {
          stdin: SLOW,
          variables,
          until: reason,
          react: async () => {
            doctor = await workflow(["doctor", "--queue", "--json"], { variables });
            // The place is asked for only if the job waits for some seconds.
            await setTimeout(4000);
            await workflow(["report", "waiting", "waiting.json"], { variables });
            isStuck = false;
          },
        },
      );

      expect(stderr).toContain(`step1: waiting · ${reason}; \`npx workflow doctor --queue\` explains it\n`);
      expect(doctor!.code).toBe(1);
      expect(JSON.parse(doctor!.stdout)).toContainEqual(
        expect.objectContaining({ cause: "size of the job", status: "failure", message: `step1: ${reason}` }),
      );
      expect(JSON.parse(project.read("waiting.json")).jobs).toMatchObject([
        { status: "RUNNABLE", wait: { reason, place: 2 }, waitedSeconds: null },
      ]);
      expect(code).toBe(0);
      expect(JSON.parse(project.read("waited.json")).jobs[0]).toMatchObject({
        status: "SUCCEEDED",
        wait: null,
        waitedSeconds: expect.any(Number),
      });
    } finally {
      await emulator.stop();
    }
  });

  step(
    `is followed although AWS cannot be reached for ${OUTAGE_SECONDS} s; nothing is lost or told twice`,
    async () => {
      const relay = new Relay();
      await relay.open();
      try {
        const { code, stderr } = await workflow(
          ["start", "--name", "outage", "--input", "-", "--report", "outage.json", "--trace", "outage.csv"],
          {
            stdin: SLOW,
            variables: { AWS_ENDPOINT_URL: relay.url },
            until: "second 2",
            react: async () => {
              await relay.close();
              await setTimeout(OUTAGE_SECONDS * 1000);
              await relay.open();
            },
          },
        );
        await workflow(["report", "outage", "outage-afterwards.json"]);

        expect(code).toBe(0);
        expect(written(stderr)).toEqual(
          ["slow", ...Array.from({ length: 15 }, (_, index) => `second ${index + 1}`)]
            .map((line) => `step1 │ ${line}`)
            .concat("step2-0 │ two")
            .sort(),
        );
        expect(stderr.match(/^AWS cannot be reached/gm)).toHaveLength(1);
        expect(stderr.match(/^AWS answers again$/gm)).toHaveLength(1);
        expect(comparable("outage.json")).toEqual(comparable("outage-afterwards.json"));
      } finally {
        await relay.close();
      }
    },
  );
});

step("is destroyed", async () => {
  await project.destroy();
});
