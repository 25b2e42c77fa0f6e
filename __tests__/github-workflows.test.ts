/** Tests what no linter checks: which events start which jobs, which code gets credentials, and that a person can run each step. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { stacksOf } from "../src/project/names";
import { PROJECT_FOLDER } from "../src/project/project-folder";
import { GITHUB_ENVIRONMENTS } from "../stacks/bootstrap-stack";

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly needs?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly "timeout-minutes"?: number;
  readonly steps: readonly Step[];
}

interface Trigger {
  readonly types?: readonly string[];
  readonly branches?: readonly string[];
}

interface Schedule {
  readonly cron: string;
}

interface Workflow {
  readonly on: Readonly<Record<string, Trigger | null>> & { readonly schedule?: readonly Schedule[] };
  readonly env?: Readonly<Record<string, string>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = join(PROJECT_FOLDER, ".github", "workflows");
const FILES = readdirSync(FOLDER);
const TEXTS = Object.fromEntries(FILES.map((file) => [file, readFileSync(join(FOLDER, file), "utf8")]));
const WORKFLOWS = Object.fromEntries(FILES.map((file) => [file, parse(TEXTS[file]!) as Workflow]));
const JOBS = FILES.flatMap((file) =>
  Object.entries(WORKFLOWS[file]!.jobs).map(([name, job]) => ({ title: `${file}: ${name}`, file, name, job })),
);
const STEPS = JOBS.flatMap(({ title, job }) => job.steps.map((step) => ({ title, step })));

/** The permissions of each job on GitHub, beyond reading this repository. */
const PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  "plan.yml: review": ["id-token: write", "pull-requests: write"],
  "deploy.yml: plan": ["id-token: write"],
  "deploy.yml: apply": ["id-token: write"],
  "destroy.yml: find": ["id-token: write"],
  "destroy.yml: destroy": ["id-token: write"],
  "destroy.yml: orphans": ["id-token: write"],
  "drift.yml: look": ["id-token: write", "issues: write"],
};

/** The AWS role of each job that takes one, and its GitHub environment. */
const ROLES: Readonly<Record<string, readonly [role: string, environment: string | undefined]>> = {
  "deploy.yml: apply": ["AWS_APPLY_ROLE_ARN", "${{ github.event_name == 'push' && 'main' || 'branches' }}"],
  "deploy.yml: plan": ["AWS_PLAN_ROLE_ARN", undefined],
  "destroy.yml: destroy": ["AWS_APPLY_ROLE_ARN", "branches"],
  "destroy.yml: find": ["AWS_PLAN_ROLE_ARN", undefined],
  "destroy.yml: orphans": ["AWS_PLAN_ROLE_ARN", undefined],
  "drift.yml: look": ["AWS_PLAN_ROLE_ARN", undefined],
  "plan.yml: review": ["AWS_PLAN_ROLE_ARN", undefined],
};

/** True if a job has what the code of a fork must not get: AWS, a secret, or permission to write. */
function hasCredentials(job: Job): boolean {
  const text = JSON.stringify(job);
  return /\bsecrets\.|configure-aws-credentials|github\.token/.test(text) || writes(job).length > 0;
}

function writes({ permissions = {} }: Job): string[] {
  return Object.entries(permissions)
    .filter(([, level]) => level !== "read")
    .map(([scope, level]) => `${scope}: ${level}`)
    .sort();
}

/** The contexts `github` and `vars` of an event. */
interface Happening {
  readonly github: {
    readonly event_name: string;
    readonly ref_name: string;
    readonly event: Readonly<Record<string, unknown>>;
  };
  readonly vars: Readonly<Record<string, string>>;
}

const VARS = { AWS_PLAN_ROLE_ARN: "arn:plan", AWS_APPLY_ROLE_ARN: "arn:apply", AWS_REGION: "eu-west-1" };
const RUN_ID = "77";

function happening(
  event_name: string,
  ref_name: string,
  event: object = {},
  more: object = {},
  vars = VARS,
): Happening {
  const repository = { default_branch: "main" };
  const github = {
    event_name,
    ref_name,
    repository: "owner/repo",
    run_id: RUN_ID,
    event: { repository, ...event },
    ...more,
  };
  return { github, vars };
}

interface PullRequest {
  readonly from?: string;
  readonly branch?: string;
  readonly base?: string;
  readonly state?: "open" | "closed";
  readonly labels?: readonly string[];
  readonly changes?: object;
}

function pullRequest(action: string, { from, branch, base, state, labels = [], changes }: PullRequest = {}): Happening {
  const pull_request = {
    number: 5,
    state: state ?? "open",
    head: { repo: { full_name: from ?? "owner/repo" }, sha: "head-sha" },
    labels: labels.map((name) => ({ name })),
  };
  const refs = { head_ref: branch ?? "feature", base_ref: base ?? "main" };
  return happening("pull_request", "5/merge", { action, pull_request, changes }, refs);
}

/** Evaluates a GitHub expression, if all needed jobs succeeded. An unknown name gives "". */
function evaluate(expression: string, contexts: Happening): unknown {
  const outcomes = { plan: { outputs: { code: "2" } }, find: { outputs: { deployed: "true" } } };
  const root = { ...contexts, needs: outcomes };
  const get = (path: string) =>
    path.split(".").reduce<unknown>((value, name) => {
      if (Array.isArray(value)) return name === "*" ? value : value.map((item) => item[name]);
      return (value as Record<string, unknown>)[name] ?? "";
    }, root);
  const format = (text: string, ...values: unknown[]) => text.replace(/\{(\d)\}/g, (_, index) => String(values[index]));
  const contains = (list: readonly unknown[], item: unknown) => list.includes(item);
  const javascript = expression.replace(/'[^']*'|\b(?:github|vars|needs)(?:\.[\w*-]+)+/g, (token) =>
    token.startsWith("'") ? token : `get("${token}")`,
  );
  return new Function("get", "format", "contains", `return (${javascript});`)(get, format, contains);
}

function interpolate(text: string, contexts: Happening): string {
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => String(evaluate(expression, contexts)));
}

/** @see https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request */
const DEFAULT_TYPES = ["opened", "synchronize", "reopened"];

function isTriggered({ on }: Workflow, { github }: Happening): boolean {
  if (!(github.event_name in on)) return false;
  if (github.event_name === "schedule") return on.schedule!.some(({ cron }) => cron === github.event.schedule);
  const { types, branches } = on[github.event_name] ?? {};
  if (github.event_name === "pull_request") return (types ?? DEFAULT_TYPES).includes(github.event.action as string);
  return branches?.includes(github.ref_name) ?? true;
}

function runs({ file, job }: (typeof JOBS)[number], contexts: Happening): boolean {
  const needed = JOBS.find((one) => one.file === file && one.name === job.needs);
  return (
    isTriggered(WORKFLOWS[file]!, contexts) &&
    (needed === undefined || runs(needed, contexts)) &&
    Boolean(evaluate(job.if ?? "true", contexts))
  );
}

/** Returns the jobs with credentials that an event starts, each with its deployment. */
function startedBy(contexts: Happening): Record<string, string> {
  const started = JOBS.filter((one) => one.title in ROLES && runs(one, contexts));
  return Object.fromEntries(
    started.map(({ title, file, job }) => {
      const { WORKFLOW_ENVIRONMENT = "" } = { ...WORKFLOWS[file]!.env, ...job.env };
      return [title, interpolate(WORKFLOW_ENVIRONMENT, contexts)];
    }),
  );
}

/** The concurrency group of each started file. One run of a group happens at a time. */
function groups(contexts: Happening): Record<string, string> {
  const files = FILES.filter((file) => ["deploy.yml", "destroy.yml"].includes(file));
  return Object.fromEntries(
    files
      .filter((file) => isTriggered(WORKFLOWS[file]!, contexts))
      .map((file) => [file, interpolate(WORKFLOWS[file]!.concurrency!.group, contexts)]),
  );
}

const DEPLOY = (environment: string) => ({ "deploy.yml: apply": environment, "deploy.yml: plan": environment });
const DESTROY = (environment: string) => ({ "destroy.yml: destroy": environment, "destroy.yml: find": environment });
/** The variable is empty, so the environment is that of cdktf.json. */
const SETTINGS = "";
const NO_TURN = `none-${RUN_ID}`;

/** The started jobs of each event, their environments and their concurrency groups. */
const HAPPENINGS: readonly {
  readonly title: string;
  readonly contexts: Happening;
  readonly jobs: Readonly<Record<string, string>>;
  readonly groups: Readonly<Record<string, string>>;
}[] = [
  {
    title: "a push to main",
    contexts: happening("push", "main"),
    jobs: DEPLOY(SETTINGS),
    groups: { "deploy.yml": "state-main" },
  },
  {
    title: "a push to main, whose environment is another",
    contexts: happening("push", "main", {}, {}, { ...VARS, WORKFLOW_ENVIRONMENT: "prod" } as typeof VARS),
    jobs: DEPLOY("prod"),
    groups: { "deploy.yml": "state-main" },
  },
  { title: "a push to a branch", contexts: happening("push", "feature"), jobs: {}, groups: {} },
  {
    title: "a push before the roles are set up",
    contexts: happening("push", "main", {}, {}, {} as typeof VARS),
    jobs: {},
    groups: { "deploy.yml": "state-main" },
  },
  { title: "a new pull request", contexts: pullRequest("opened"), jobs: { "plan.yml: review": SETTINGS }, groups: {} },
  {
    title: "a pull request into another branch",
    contexts: pullRequest("opened", { base: "release" }),
    jobs: { "plan.yml: review": "/release" },
    groups: {},
  },
  {
    title: "another base of a pull request",
    contexts: pullRequest("edited", { base: "release", changes: { base: { ref: { from: "main" } } } }),
    jobs: { "plan.yml: review": "/release" },
    groups: {},
  },
  {
    title: "another title of a pull request",
    contexts: pullRequest("edited", { changes: { title: { from: "old" } } }),
    jobs: {},
    groups: {},
  },
  {
    title: "a new commit of a pull request",
    contexts: pullRequest("synchronize", { labels: ["documentation"] }),
    jobs: { "plan.yml: review": SETTINGS },
    groups: { "deploy.yml": NO_TURN },
  },
  {
    title: "a new commit of a pull request with the label, of a branch named like main's environment",
    contexts: pullRequest("synchronize", { labels: ["deploy"], branch: "dev" }),
    jobs: { "plan.yml: review": SETTINGS, ...DEPLOY("/dev") },
    groups: { "deploy.yml": "state-/dev" },
  },
  {
    title: "the label",
    contexts: pullRequest("labeled", { labels: ["bug", "deploy"] }),
    jobs: DEPLOY("/feature"),
    groups: { "deploy.yml": "state-/feature" },
  },
  {
    title: "a label on a closed pull request",
    contexts: pullRequest("labeled", { labels: ["deploy", "released"], state: "closed" }),
    jobs: {},
    groups: { "deploy.yml": NO_TURN },
  },
  {
    title: "a pull request of a fork, with the label",
    contexts: pullRequest("synchronize", { labels: ["deploy"], from: "stranger/repo" }),
    jobs: {},
    groups: { "deploy.yml": NO_TURN },
  },
  {
    title: "the end of a pull request",
    contexts: pullRequest("closed", { state: "closed", labels: ["deploy"] }),
    jobs: DESTROY("/feature"),
    groups: { "destroy.yml": "state-/feature" },
  },
  {
    title: "the end of a pull request of a fork",
    contexts: pullRequest("closed", { state: "closed", from: "stranger/repo" }),
    jobs: {},
    groups: { "destroy.yml": NO_TURN },
  },
  {
    title: "a deleted branch",
    contexts: happening("delete", "main", { ref: "feature", ref_type: "branch" }),
    jobs: DESTROY("/feature"),
    groups: { "destroy.yml": "state-/feature" },
  },
  {
    title: "a deleted tag",
    contexts: happening("delete", "main", { ref: "feature", ref_type: "tag" }),
    jobs: {},
    groups: { "destroy.yml": NO_TURN },
  },
  {
    title: "a Monday",
    contexts: happening("schedule", "main", { schedule: "17 4 * * 1" }),
    jobs: { "destroy.yml: orphans": SETTINGS },
    groups: { "destroy.yml": NO_TURN },
  },
  {
    title: "a day",
    contexts: happening("schedule", "main", { schedule: "41 4 * * *" }),
    jobs: { "drift.yml: look": SETTINGS },
    groups: {},
  },
  {
    title: "a day of a fork",
    contexts: happening("schedule", "main", {
      schedule: "41 4 * * *",
      repository: { default_branch: "main", fork: true },
    }),
    jobs: {},
    groups: {},
  },
  {
    title: "a run by hand on a branch",
    contexts: happening("workflow_dispatch", "feature"),
    jobs: {},
    groups: { "destroy.yml": NO_TURN },
  },
];

test("there are the five workflows", () => {
  expect(FILES.sort()).toEqual(["check.yml", "deploy.yml", "destroy.yml", "drift.yml", "plan.yml"]);
});

test("every action is pinned by a commit, with its version in a comment", () => {
  const lines = Object.values(TEXTS).flatMap((text) => text.match(/^.*\buses:.*$/gm) ?? []);
  expect(lines.length).toBe(STEPS.filter(({ step }) => step.uses !== undefined).length);
  expect(lines.filter((line) => !/ uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
});

test("an action has one version everywhere", () => {
  const versions = new Map<string, Set<string>>();
  for (const text of Object.values(TEXTS)) {
    for (const [, action, version] of text.matchAll(/uses: ([\w/-]+)@(.+)/g)) {
      versions.set(action!, (versions.get(action!) ?? new Set()).add(version!));
    }
  }
  expect([...versions].filter(([, found]) => found.size > 1)).toEqual([]);
});

test.each(FILES)("%s: nothing starts it with another repository's code and this one's rights", (file) => {
  const { on } = WORKFLOWS[file]!;
  expect(Object.keys(on)).toEqual(expect.not.arrayContaining(["pull_request_target", "workflow_run", "issue_comment"]));
});

test.each(FILES)("%s: its jobs may read, or nothing, unless they say more", (file) => {
  expect([{}, { contents: "read" }]).toContainEqual(WORKFLOWS[file]!.permissions);
});

test.each(JOBS)("$title: has the rights on GitHub that are listed here, and no more", ({ title, job }) => {
  expect(writes(job)).toEqual(PERMISSIONS[title] ?? []);
});

test("the jobs with credentials are those that plan, apply or destroy", () => {
  expect(
    JOBS.filter(({ job }) => hasCredentials(job))
      .map(({ title }) => title)
      .sort(),
  ).toEqual(Object.keys(ROLES).sort());
});

test.each(HAPPENINGS)("$title: starts what it should, for the environment that is meant, in its turn", (one) => {
  expect([startedBy(one.contexts), groups(one.contexts)]).toEqual([one.jobs, one.groups]);
});

test("secrets are given to the steps that need them, not to all of a job's", () => {
  const everywhere = [...Object.values(WORKFLOWS), ...JOBS.map(({ job }) => job)].map(({ env }) =>
    JSON.stringify(env ?? {}),
  );
  expect(everywhere.filter((env) => /secrets\.|github\.token/.test(env))).toEqual([]);
  const given = STEPS.flatMap(({ step }) => (/secrets\./.test(JSON.stringify(step.env ?? {})) ? [step.name] : []));
  expect(new Set(given)).toEqual(
    new Set(["Create the HCP Terraform workspaces", "Plan", "Review", "Apply", "Destroy"]),
  );
});

test("what is planned is what is applied: the same commit; and a closed pull request's own code destroys", () => {
  const refs = JOBS.flatMap(({ title, job }) =>
    job.steps.filter(({ uses }) => uses?.startsWith("actions/checkout@")).map((step) => [title, step.with?.ref]),
  );
  expect(Object.fromEntries(refs.filter(([, ref]) => ref !== undefined))).toEqual({
    "deploy.yml: apply": "${{ github.sha }}",
    "destroy.yml: destroy": "${{ github.event.pull_request.head.sha || github.sha }}",
    "destroy.yml: find": "${{ github.event.pull_request.head.sha || github.sha }}",
  });
});

test("the base images are pulled before the images are built: no stage, no variable, nothing twice", () => {
  const { job } = JOBS.find(({ title }) => title === "deploy.yml: apply")!;
  const names = job.steps.map(({ name }) => name);
  expect(names.indexOf("Pull the base images")).toBe(names.indexOf("Apply") - 1);
  const folder = mkdtempSync(join(tmpdir(), "pull-"));
  try {
    const image = (context: string) => ({ build: { context: `../../../${context}`, platform: "linux/amd64" } });
    mkdirSync(join(folder, "cdktf.out/stacks/image"), { recursive: true });
    const resource = { docker_image: { one: image("one"), two: image("two") } };
    writeFileSync(join(folder, "cdktf.out/stacks/image/cdk.tf.json"), JSON.stringify({ resource }));
    for (const [context, lines] of Object.entries({
      one: [
        "# FROM no:1",
        "FROM private.example/base:1 AS build",
        "RUN true",
        "from build",
        "FROM scratch",
        "FROM $BASE",
      ],
      two: ["FROM --platform=$BUILDPLATFORM a/b:2", "FROM a/b:2", "COPY --from=x y z"],
    })) {
      mkdirSync(join(folder, context));
      writeFileSync(join(folder, context, "Dockerfile"), `${lines.join("\n")}\n`);
    }
    writeFileSync(join(folder, "docker"), '#!/bin/sh\necho "$*" >> pulled\n', { mode: 0o755 });
    const script = job.steps.find(({ name }) => name === "Pull the base images")!.run!;
    execFileSync("bash", ["--norc", "-eo", "pipefail", "-c", script], {
      cwd: folder,
      stdio: "ignore",
      env: { PATH: `${folder}:${process.env.PATH}` },
    });
    expect(readFileSync(join(folder, "pulled"), "utf8").trim().split("\n")).toEqual([
      "pull --quiet --platform linux/amd64 private.example/base:1",
      "pull --quiet --platform linux/amd64 a/b:2",
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe("what was changed outside Terraform is told as one issue", () => {
  const DRIFT = "# Changed\n<!-- workflow-drift echo dev -->\n";
  const { job } = JOBS.find(({ title }) => title === "drift.yml: look")!;
  const { run: script } = job.steps.find(({ name }) => name === "Update the issue")!;

  /** Returns the calls to GitHub for an exit code of the review and these open issues. */
  function asked(code: 0 | 2, open: readonly object[]): string[] {
    const folder = mkdtempSync(join(tmpdir(), "drift-"));
    try {
      writeFileSync(join(folder, "drift.md"), DRIFT);
      writeFileSync(join(folder, "issues.json"), JSON.stringify(open));
      // Replaces GitHub's CLI: lists the issues with jq, and records every other call.
      const gh = `#!/usr/bin/env bash
        if [ "$3" = --paginate ]; then jq -r "$5" issues.json; else printf '%s\\n' "\${*:3}" >> asked; fi`;
      writeFileSync(join(folder, "gh"), gh, { mode: 0o755 });
      const environment = { CODE: String(code), GITHUB_REPOSITORY: "o/r", RUN: "the run" };
      execFileSync("bash", ["--norc", "-eo", "pipefail", "-c", script!], {
        cwd: folder,
        stdio: "ignore",
        env: { ...environment, PATH: `${folder}:${process.env.PATH}` },
      });
      const path = join(folder, "asked");
      return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  const MINE = { number: 7, user: { login: "github-actions[bot]" }, body: `text\n${DRIFT}` };
  const OTHERS = [
    { number: 1, user: { login: "somebody" }, body: DRIFT },
    { number: 2, user: { login: "github-actions[bot]" }, body: null },
    { number: 3, user: { login: "github-actions[bot]" }, body: DRIFT.replace("dev", "prod") },
    { number: 4, user: { login: "github-actions[bot]" }, body: DRIFT, pull_request: {} },
  ];

  test("which is opened", () => {
    expect(asked(2, OTHERS)).toEqual([
      "--method POST repos/o/r/issues --raw-field title=Changed outside Terraform --field body=@drift.md",
    ]);
  });

  test("which is updated while it lasts", () => {
    expect(asked(2, [...OTHERS, MINE])).toEqual(["--method PATCH repos/o/r/issues/7 --field body=@drift.md"]);
  });

  test("which is closed when it is over", () => {
    expect(asked(0, [...OTHERS, MINE])).toEqual([
      "--method POST repos/o/r/issues/7/comments --raw-field body=Everything is again as Terraform left it: the run",
      "--method PATCH repos/o/r/issues/7 --raw-field state=closed --raw-field state_reason=completed",
    ]);
  });

  test("of which there is none where nothing was changed", () => {
    expect(asked(0, OTHERS)).toEqual([]);
  });
});

/** Runs the script of a step as GitHub does, with these programs, in a folder with these files. Returns its outcome. */
function runStep(title: string, name: string, programs: Record<string, string>, files: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), "step-"));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(folder, path, ".."), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    for (const [program, script] of Object.entries(programs)) {
      writeFileSync(join(folder, program), `#!/usr/bin/env bash\n${script}\n`, { mode: 0o755 });
    }
    const { job } = JOBS.find((one) => one.title === title)!;
    const { run } = job.steps.find((one) => one.name === name)!;
    const { status, stdout } = spawnSync("bash", ["--norc", "-eo", "pipefail", "-c", run!], {
      cwd: folder,
      encoding: "utf8",
      env: {
        PATH: `${folder}:${process.env.PATH}`,
        GITHUB_REPOSITORY: "o/r",
        GITHUB_STEP_SUMMARY: "/dev/null",
        GITHUB_OUTPUT: "/dev/null",
      },
    });
    return { status, lines: stdout.replaceAll(folder, "").trim().split("\n") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the stack of the bucket for data", () => {
  const FILES_OF = (stacks: readonly string[]) =>
    Object.fromEntries(stacks.map((stack) => [`plans/${stack}.tfplan`, ""]));
  const APPLIED = (stack: string) => [
    `-chdir=cdktf.out/stacks/${stack} init -input=false -lockfile=readonly`,
    `-chdir=cdktf.out/stacks/${stack} apply -input=false -lock-timeout=5m /plans/${stack}.tfplan`,
  ];

  test("is planned and applied first, in every loop over stacks", () => {
    const loops = STEPS.flatMap(({ step }) =>
      [...(step.run ?? "").matchAll(/for stack in (.*);/g)].map(([, one]) => one!),
    );
    expect(loops).toEqual(Array(3).fill(stacksOf({ data: "create" }).join(" ")));
  });

  test.each(["create", "none"])("is applied if it was planned: `data` %s", (data) => {
    const stacks = stacksOf({ data });
    expect(runStep("deploy.yml: apply", "Apply", { terraform: 'echo "$*"' }, FILES_OF(stacks))).toEqual({
      status: 0,
      lines: stacks.flatMap(APPLIED),
    });
  });

  /** Resources of the environments: a state machine, and a bucket for data. */
  const resources = (machines: readonly string[], buckets: readonly string[]) => {
    const tagged = (arn: string) => (environment: string) => ({
      ResourceARN: arn,
      Tags: [{ Key: "Environment", Value: environment }],
    });
    const machine = "arn:aws:states:eu-west-1:123456789012:stateMachine:echo";
    const found = [...machines.map(tagged(machine)), ...buckets.map(tagged("arn:aws:s3:::echo--dev-1"))];
    return JSON.stringify({ ResourceTagMappingList: found });
  };
  const npm = `echo '[{"name":"name","value":"echo"},{"name":"environment","value":"'"\${WORKFLOW_ENVIRONMENT:-dev}"'"}]'`;

  test("alone is no deployment that a deleted branch has left", () => {
    const found = (machines: string[], buckets: string[]) => {
      const programs = { npm, aws: `echo '${resources(machines, buckets)}'` };
      return runStep("destroy.yml: find", "Find what is deployed", programs, {}).lines;
    };
    expect(found([], ["dev"])).toEqual(["dev: 0 resources"]);
    expect(found(["dev"], ["dev"])).toEqual(["dev: 1 resources"]);
  });

  test("of an environment without a branch is told, and only a deployment makes the run fail", () => {
    const weekly = (machines: string[], buckets: string[]) => {
      const programs = { npm, gh: "echo open", aws: `echo '${resources(machines, buckets)}'` };
      const { status, lines } = runStep("destroy.yml: orphans", "List deployments without a branch", programs, {});
      return [status, ...lines.filter((line) => line.startsWith("- ") || line.includes("Destroy each"))];
    };
    const deployments =
      "These environments are deployed, but have no branch. Destroy each with `WORKFLOW_ENVIRONMENT=<name> npm run destroy`:";
    const buckets =
      "These environments have no branch and no deployment, but a bucket for data. Destroy each with `WORKFLOW_ENVIRONMENT=<name> npm run destroy -- --data`:";
    expect(weekly(["dev", "/open"], ["dev", "/open"])).toEqual([0]);
    expect(weekly(["dev"], ["dev", "gone"])).toEqual([0, buckets, "- `gone`"]);
    expect(weekly(["dev", "old"], ["old"])).toEqual([1, deployments, "- `old`"]);
    expect(weekly(["old"], ["old", "gone"])).toEqual([1, buckets, "- `gone`", deployments, "- `old`"]);
  });
});

test("the comment that is updated is one of GitHub's own user, not one that somebody wrote", () => {
  const { job } = JOBS.find(({ title }) => title === "plan.yml: review")!;
  const { run } = job.steps.find(({ name }) => name === "Comment")!;
  expect(run).toContain('.user.login == \\"github-actions[bot]\\" and (.body | contains(');
});

test.each(Object.entries(ROLES))("%s: takes its role, in the environment that the role trusts", (title, expected) => {
  const { job } = JOBS.find((one) => one.title === title)!;
  const roles = job.steps.flatMap((step) => step.with?.["role-to-assume"] ?? []);
  expect([roles, job.environment]).toEqual([[`\${{ vars.${expected[0]} }}`], expected[1]]);
});

test("a pull request that is edited cancels its plan only where it is planned anew", () => {
  const group = (contexts: Happening) => interpolate(WORKFLOWS["plan.yml"]!.concurrency!.group, contexts);
  expect(group(pullRequest("synchronize"))).toBe("plan-5");
  expect(group(pullRequest("edited", { changes: { base: {} } }))).toBe("plan-5");
  expect(group(pullRequest("edited", { changes: { title: {} } }))).toBe(NO_TURN);
});

test("the environments are those that the apply role trusts", () => {
  const named = JOBS.flatMap(({ job }) => job.environment?.match(/(?<=')\w+(?=')|^\w+$/g) ?? []);
  expect([...new Set(named)].filter((name) => name !== "push").sort()).toEqual([...GITHUB_ENVIRONMENTS].sort());
});

test.each(["deploy.yml", "destroy.yml"])("%s: a change of a state is never cancelled half-way", (file) => {
  expect(WORKFLOWS[file]!.concurrency!["cancel-in-progress"]).toBe(false);
});

test("what was planned is applied: nothing is planned anew", () => {
  const { job } = JOBS.find(({ title }) => title === "deploy.yml: apply")!;
  const script = job.steps.map(({ run = "" }) => run).join("\n");
  expect(script).toContain('apply -input=false -lock-timeout=5m "$PWD/plans/$stack.tfplan"');
  expect(script).not.toMatch(/-auto-approve|cdktf deploy|npm run deploy|\bplan -/);
});

test("a checkout leaves no token behind, and Terraform's own exit codes and output are kept", () => {
  const given = (action: string, name: string) =>
    STEPS.filter(({ step }) => step.uses?.startsWith(action)).map(({ step }) => step.with?.[name]);
  expect(new Set(given("actions/checkout@", "persist-credentials"))).toEqual(new Set([false]));
  expect(new Set(given("hashicorp/setup-terraform@", "terraform_wrapper"))).toEqual(new Set([false]));
});

test("no script takes text of a pull request as its code", () => {
  expect(STEPS.filter(({ step }) => step.run?.includes("${{")).map(({ title }) => title)).toEqual([]);
});

test.each(JOBS)("$title: gives up at some time", ({ job }) => {
  expect(job["timeout-minutes"]).toBeGreaterThan(0);
});

test("every npm script that is run exists", () => {
  const { scripts } = JSON.parse(readFileSync(join(PROJECT_FOLDER, "package.json"), "utf8"));
  const run = STEPS.flatMap(({ step }) =>
    [...(step.run ?? "").matchAll(/\bnpm (?:run )?(?:--silent )?([\w:-]+)/g)].map(([, script]) => script!),
  );
  expect(run).toContain("destroy");
  expect([...new Set(run)].filter((script) => script !== "ci" && !(script in scripts))).toEqual([]);
});

test("Node is tried in every version that is supported", () => {
  expect(TEXTS["check.yml"]).toContain("node: [20, 22, 24]");
});
