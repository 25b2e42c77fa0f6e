/** What actionlint does not look at: which code gets credentials, and whether a person can run what a pipeline runs. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { PROJECT_FOLDER } from "../settings";
import { GITHUB_ENVIRONMENTS } from "../stacks/bootstrap-stack";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly if?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly "timeout-minutes"?: number;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
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

const OWN_CODE = "github.event.pull_request.head.repo.full_name == github.repository";

/** By job: what it may do on GitHub beyond reading this repository. */
const PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  "plan.yml: review": ["id-token: write", "pull-requests: write"],
  "deploy.yml: plan": ["id-token: write"],
  "deploy.yml: apply": ["id-token: write"],
  "destroy.yml: find": ["id-token: write"],
  "destroy.yml: destroy": ["id-token: write"],
  "destroy.yml: orphans": ["id-token: write"],
};

/** By job that takes an AWS role: which, and the GitHub environment that lets it. */
const ROLES: Readonly<Record<string, readonly [role: string, environment: string | undefined]>> = {
  "deploy.yml: apply": ["AWS_APPLY_ROLE_ARN", "${{ github.event_name == 'push' && 'main' || 'branches' }}"],
  "deploy.yml: plan": ["AWS_PLAN_ROLE_ARN", undefined],
  "destroy.yml: destroy": ["AWS_APPLY_ROLE_ARN", "branches"],
  "destroy.yml: find": ["AWS_PLAN_ROLE_ARN", undefined],
  "destroy.yml: orphans": ["AWS_PLAN_ROLE_ARN", undefined],
  "plan.yml: review": ["AWS_PLAN_ROLE_ARN", undefined],
};

/** Whether a job is given what must not reach a fork's code: AWS, a secret, or a right to write. */
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

/** What the expression `if` comes to, given `github` and `vars`, when all that it needs has gone well. */
function runs({ if: condition = "true" }: Job, github: object): boolean {
  const javascript = condition
    .replace(/\blabels\.\*\.name\b/g, "labels.map((label) => label.name)")
    .replace(/needs\.plan\.outputs\.code/g, "'2'")
    .replace(/needs\.find\.outputs\.deployed/g, "'true'")
    .replace(/github\.event\.(\w+)\.(\w+)/g, "github.event?.$1?.$2")
    .replace(/(?<=head)\.repo\.full_name/g, "?.repo?.full_name");
  const contains = (list: readonly string[] | undefined, item: string) => list?.includes(item) ?? false;
  const evaluate = new Function("github", "vars", "contains", `return Boolean(${javascript});`);
  return evaluate(github, { AWS_PLAN_ROLE_ARN: "arn:plan" }, contains) as boolean;
}

/** The context of a pull request, labelled `deploy`, from a repository. */
function pullRequestFrom(fullName: string): object {
  return {
    event_name: "pull_request",
    repository: "owner/repo",
    event: { pull_request: { head: { repo: { full_name: fullName } }, labels: [{ name: "deploy" }] } },
  };
}

test("there are the four workflows", () => {
  expect(FILES.sort()).toEqual(["check.yml", "deploy.yml", "destroy.yml", "plan.yml"]);
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

test.each(JOBS.filter(({ job }) => hasCredentials(job)))("$title: does not run for a fork", ({ job }) => {
  expect(runs(job, pullRequestFrom("stranger/repo"))).toBe(false);
});

test.each(["plan.yml: review", "deploy.yml: plan", "deploy.yml: apply", "destroy.yml: find", "destroy.yml: destroy"])(
  "%s: runs for a branch of this repository, by the guard that keeps forks out",
  (title) => {
    const { job } = JOBS.find((one) => one.title === title)!;
    expect(job.if).toContain(OWN_CODE);
    expect(runs(job, pullRequestFrom("owner/repo"))).toBe(true);
  },
);

test("a pull request is deployed only with the label", () => {
  const { job } = JOBS.find(({ title }) => title === "deploy.yml: plan")!;
  const labelled = pullRequestFrom("owner/repo") as { event: { pull_request: { labels: unknown[] } } };
  labelled.event.pull_request.labels = [{ name: "documentation" }];
  expect(runs(job, labelled)).toBe(false);
});

test("a push to the main branch is planned and applied", () => {
  const jobs = JOBS.filter(({ file }) => file === "deploy.yml").map(({ name, job }) => [
    name,
    runs(job, { event_name: "push", repository: "owner/repo" }),
  ]);
  expect(Object.fromEntries(jobs)).toEqual({ plan: true, apply: true });
});

test.each(Object.entries(ROLES))("%s: takes its role, in the environment that the role trusts", (title, expected) => {
  const { job } = JOBS.find((one) => one.title === title)!;
  const roles = job.steps.flatMap((step) => step.with?.["role-to-assume"] ?? []);
  expect([roles, job.environment]).toEqual([[`\${{ vars.${expected[0]} }}`], expected[1]]);
});

test("the environments are those that the apply role trusts", () => {
  const named = JOBS.flatMap(({ job }) => job.environment?.match(/(?<=')\w+(?=')|^\w+$/g) ?? []);
  expect([...new Set(named)].filter((name) => name !== "push").sort()).toEqual([...GITHUB_ENVIRONMENTS].sort());
});

test.each(["deploy.yml", "destroy.yml"])("%s: a change of a state is never cancelled half-way", (file) => {
  expect(WORKFLOWS[file]!.concurrency).toEqual({
    group: expect.stringMatching(/^state-\$\{\{ .*head\.repo\.full_name \|\| github\.repository/),
    "cancel-in-progress": false,
  });
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
