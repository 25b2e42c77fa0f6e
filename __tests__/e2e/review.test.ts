import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Project, type Ran } from "./project";
import { testWith } from "./requirements";
import { spawnReview } from "./review-command";

/** An environment without a Docker engine. */
const NO_ENGINE = { DOCKER_HOST: "tcp://127.0.0.1:1" };

let project: Project;

beforeAll(() => {
  project = new Project();
});

afterAll(() => project.dispose());

const review = (args: readonly string[] = [], variables: NodeJS.ProcessEnv = {}): Promise<Ran> =>
  spawnReview(project, args, variables);
const firstLine = (counts: string) => `\`echo\` in \`${project.environment}\` (\`eu-west-1\`): ${counts}\n`;

/** Returns what a review left behind. It must leave nothing. */
function leftBehind(): string[] {
  const left = readdirSync(project.stackFolder("image")).filter((file) => /override|plan/.test(file));
  return [...left, ...(existsSync(join(project.folder, "comment.md")) ? [] : ["no comment"])];
}

testWith("terraform", "deployments")("a review works with no Docker engine, before the first apply", async () => {
  const { status, output } = await review(["--output", "comment.md"], NO_ENGINE);

  expect([status, output]).toEqual([
    2,
    `planning image\nplanning workflow\nreview written to ${join(project.folder, "comment.md")}\n`,
  ]);
  expect(project.read("comment.md")).toContain(firstLine("**image** 4 to add; **workflow** 13 to add"));
  expect(leftBehind()).toEqual([]);
});

testWith(
  "terraform",
  "deployments",
  "refusals",
)("one stack's failure is told, and the others are still there", async () => {
  const { status } = await review(["--output", "comment.md"], {
    ...NO_ENGINE,
    STANDIN_FAIL: "data.aws_vpc:read",
  });

  expect(status).toBe(1);
  expect(project.read("comment.md")).toContain(firstLine("**image** 4 to add; **workflow** could not be planned"));
  expect(project.read("comment.md")).toContain("AccessDeniedException");
});

testWith(
  "terraform",
  "deployments",
  "docker",
)("a deployment without changes, then one with: the review says so, and so does its exit code", async () => {
  await project.deploy();

  const same = await review(["--output", "comment.md"], NO_ENGINE);
  expect([same.status, project.read("comment.md").split("\n")[0]]).toEqual([
    0,
    firstLine("**image** no changes; **workflow** no changes").trimEnd(),
  ]);
  expect(leftBehind()).toEqual([]);

  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.c", ...args], { cwd: project.folder });
  git("init", "--quiet", "--initial-branch", "main");
  git("add", "image");
  git("commit", "--quiet", "--message", "all");
  project.write("image/echo.sh", `${project.read("image/echo.sh")}\necho more\n`);
  project.edit("workflow/echo.asl.json", '"JobName": "step1"', '"JobName": "first"');
  const changed = await review(["--output", "comment.md", "--base", "main"], NO_ENGINE);

  expect(changed.status).toBe(2);
  const comment = project.read("comment.md");
  expect(comment).toContain(firstLine("**image** 2 to replace; **workflow** 3 to change"));
  expect(comment).toContain("An image is new or changed; its files against `main`:");
  expect(comment).toMatch(/^ image\/echo\.sh \| +2 \+\+$/m);
  expect(comment).toContain("- **States changed**: `step1`\n");

  const folder = join(project.folder, "plans");
  mkdirSync(folder);
  for (const stack of ["image", "workflow"] as const) {
    // Plans as the review does, because the Docker engine may know the same image under another name now.
    const flags = stack === "image" ? ["-refresh=false"] : [];
    await project.terraform(stack, ["plan", "-input=false", ...flags, `-out=${join(folder, `${stack}.tfplan`)}`]);
  }
  const saved = await review(["--plan", "plans", "--base", "main"], NO_ENGINE);
  expect([saved.status, saved.output.replace(/^reading the plan of .*\n/gm, "")]).toEqual([2, comment]);

  await project.destroy();
});

test("wrong usage gives 1", async () => {
  const { status, output } = await review(["--bogus"]);
  expect([status, output]).toEqual([1, "error: unknown option '--bogus'\nsee `npx workflow review --help`\n"]);
});
