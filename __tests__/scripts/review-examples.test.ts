import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exampleComments, examplePlans } from "../../scripts/review-examples";
import { PROJECT_FOLDER } from "../../src/project/project-folder";
import { LONGEST_COMMENT } from "../../src/review/comment";

const comments = exampleComments();
const comment = (name: string) => comments[`docs/examples/${name}.md`]!;
const firstLine = (name: string) => comment(name).split("\n")[0];

describe("the comments in docs/examples", () => {
  test("are fresh; if not: node -r ./bin/register.js scripts/review-examples.ts", () => {
    for (const [path, content] of Object.entries(comments)) {
      expect(readFileSync(join(PROJECT_FOLDER, path), "utf8")).toBe(content);
    }
  });

  test("are all that is there", () => {
    const there = readdirSync(join(PROJECT_FOLDER, "docs/examples")).map((file) => `docs/examples/${file}`);
    expect(there.sort()).toEqual(Object.keys(comments).sort());
  });

  test.each(Object.entries(comments))("%s is short enough for GitHub, and can be found again", (_, content) => {
    expect(Buffer.byteLength(content)).toBeLessThanOrEqual(LONGEST_COMMENT);
    expect(content.trimEnd().split("\n").at(-1)).toBe("<!-- workflow-review echo review -->");
  });
});

describe("the first line says what will happen", () => {
  test.each([
    ["first", "**image** 4 to add; **workflow** 13 to add"],
    ["unchanged", "**image** no changes; **workflow** no changes"],
    ["image", "**image** 2 to replace; **workflow** 3 to change"],
    ["document", "**workflow** 1 to change"],
    ["widened", "**workflow** 2 to change"],
    ["narrowed", "**workflow** 1 to change"],
    ["compute", "**workflow** 3 to add, 4 to change, 1 to replace"],
    ["job", "**data** 7 to add; **image** no changes; **workflow** 1 to add, 4 to change"],
    ["outside", "**image** 1 to add; **workflow** 1 to add, 3 to change"],
    ["outside-changed", "**workflow** 2 to change"],
    ["outside-gone", "**workflow** 3 to add, 2 to change"],
    ["destroyed", "**image** 4 to destroy; **workflow** 13 to destroy"],
    ["both", "**image** 2 to replace; **workflow** 3 to change"],
    ["large", "**workflow** 300 to add"],
    ["secrets", "**workflow** 4 to add"],
    ["failed", "**image** 2 to replace; **workflow** could not be planned"],
  ])("of %s", (name, counts) => {
    expect(firstLine(name)).toBe(`\`echo\` in \`review\` (\`eu-west-1\`): ${counts}`);
  });
});

describe("a reader of the comment alone learns", () => {
  test.each([
    ["first", "+ aws_sfn_state_machine.state-machine_77B0DFEF (create)"],
    ["first", "+   on ${aws_batch_job_queue.batch_queue_B9451393.arn}"],
    ["image", "- docker_registry_image.echo-push (replace, old one kept, because of name, triggers)"],
    ["image", "- **Known after apply**: `${aws_batch_job_definition.batch_echo-job_4F6139C4.arn}`"],
    ["image", " image/echo.sh | 1 +"],
    ["document", "> - **Running**: 2 executions of the state machine that is changed"],
    ["document", "- **States added**: `Pause`"],
    ["document", "- **States removed**: `step3`, `step3 / step3_job`"],
    ["document", "- **States changed**: `step1`, `step2`"],
    ["document", '-          "MaxAttempts": 6,'],
    ["document", '+          "MaxAttempts": 3,'],
    ["document", "@@ -149 +154 @@ step2"],
    ["both", "@@ -149 +154 @@ step2"],
    ["document", "  class s7 added"],
    ["document", "  class s6,s8 changed"],
    ["widened", "> - **More rights**: `echo_review_states` (some without a limit)"],
    ["widened", "# MORE rights: echo_review_states: SubmitJobs: batch:SubmitJob"],
    ["widened", "+ also on * (any)"],
    ["widened", "- no longer limited to arn:aws:batch:eu-west-1:123456789012:job-queue/echo_review"],
    ["widened", "+ may xray:PutTraceSegments"],
    ["narrowed", "- no longer logs:PutResourcePolicy"],
    [
      "compute",
      "> - **Replaced, new one first**: `aws_batch_compute_environment.batch_compute-environment_DED23AD6` because of `compute_resources[0].type`",
    ],
    ["compute", "# MORE rights: echo_review_instances: who may assume it: new"],
    ["compute", '    compute_resources[0].type: "FARGATE_SPOT" -> "EC2"  # forces replacement'],
    ["job", "> - **More rights**: `echo_review_echo_j (job echo)`, `echo_review_start-jobs`"],
    ["job", "# MORE rights: echo_review_start-jobs: ReadSecrets: new"],
    ["job", "+   on arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf"],
    ["job", "# MORE rights: echo_review_echo_j (job echo): ReadReference: new"],
    ["job", "    container_properties.ephemeralStorage.sizeInGiB: (none) -> 100"],
    ["destroyed", "> - **Running**: 1 execution of the state machine that is destroyed"],
    ["large", "Shortened: the attributes of 209 resources are left out; `terraform show` of the plan shows them."],
    ["large", "+ aws_cloudwatch_log_group.logs[299] (create)"],
    ["failed", "> - **Could not be planned**: `workflow`"],
    ["failed", "Error: reading data.aws_caller_identity: api error AccessDeniedException"],
    ["failed", "- docker_image.echo-image (replace, old one kept, because of triggers)"],
  ])("of %s: %s", (name, line) => {
    expect(comment(name).split("\n")).toContain(line);
  });

  test.each([
    ["image", "- image `echo`: tag 407438be97a27b42 to f1fc117d2dbdc58e"],
    ["image", "- job `echo`: image `…/echo_review_echo:407438be97a27b42` to `…/echo_review_echo:f1fc117d2dbdc58e`"],
    [
      "document",
      "- state machine `echo_review`: state added: `Pause`, states removed: `step3`, `step3 / step3_job`, states changed: `step1`, `step2`",
    ],
    [
      "compute",
      '- job `echo`: vCPUs 0.25 to 1, public address ENABLED to none, processor `X86_64` to none, platform `["FARGATE"]` to `["EC2"]`',
    ],
    ["widened", "- state machine `echo_review`: tracing false to true"],
    ["job", "- new: bucket `echo--review-123456789012-euw1` (with block of public access, encryption, versioning)"],
    [
      "job",
      "- job `echo`: scratch space none to 100 GiB, secret added: `DB_PASSWORD` (`prod/db-AbCdEf, key password`), variables added: `DATA_BUCKET` (`echo--review-123456789012-euw1`), `LOG_LEVEL` (debug)",
    ],
  ])("of %s what changes, in words, before all folds: %s", (name, line) => {
    const lines = comment(name).split("\n");
    expect(lines).toContain(line);
    expect(lines.indexOf(line)).toBeLessThan(lines.findIndex((one) => one.startsWith("<details")));
  });

  test.each([
    [
      "outside",
      [
        "image `echo` (deleted; a deploy creates it again)",
        "job queue `echo_review` (changed; a deploy restores it)",
        "policy of the role `states` (changed; a deploy restores it)",
        "state machine `echo_review` (deleted; a deploy creates it again)",
      ],
    ],
    [
      "outside-changed",
      [
        "policy of the role `states` (changed; a deploy restores it)",
        "state machine `echo_review` (changed; a deploy restores it)",
      ],
    ],
    [
      "outside-gone",
      [
        "job `echo` (deleted; a deploy creates it again)",
        "job queue `echo_review` (deleted; a deploy creates it again)",
        "state machine `echo_review` (deleted; a deploy creates it again)",
      ],
    ],
  ])("of %s what was changed outside Terraform, first, and as nothing new", (name, parts) => {
    const lines = comment(name).split("\n");
    expect(lines[3]).toMatch(/^> - \*\*Changed outside Terraform\*\*: /);
    for (const part of parts) expect(lines[3]).toContain(part);
    expect(comment(name)).not.toMatch(/MORE rights|More rights|not clear|States (added|removed|changed)|^- new: /m);
  });

  test.each([
    ["outside", "+ aws_sfn_state_machine.state-machine_77B0DFEF (create, deleted outside Terraform)"],
    ["outside", '    state: "ENABLED" -> "DISABLED"'],
    ["outside-changed", "- **States restored, which were changed outside Terraform**: `ValidateInput`"],
    ["outside-changed", "# RESTORED, changed outside Terraform: echo_review_states: ByHand: removed"],
    ["outside-changed", "    definition.TimeoutSeconds: (none) -> 99"],
  ])("of %s what happened there: %s", (name, line) => {
    expect(comment(name).split("\n")).toContain(line);
  });

  test("of a changed image: nothing to be warned of", () => {
    expect(comment("image")).not.toContain("[!WARNING]");
  });

  test("of what is found by check and of the image before the diagram", () => {
    const places = ["Check", "Image", "Workflow", "Diagram"].map((kind) => comment("both").indexOf(`<summary>${kind}`));
    expect([...places].sort((one, other) => one - other)).toEqual(places);
  });

  test("of a changed image: the rights stay as they are", () => {
    expect(comment("image")).not.toContain("Permissions");
  });

  test("of a change that narrows rights: nothing to be warned of", () => {
    expect(comment("narrowed")).not.toContain("[!WARNING]");
    expect(comment("narrowed")).not.toMatch(/^\+/m);
  });
});

describe("a plan with secrets", () => {
  const SECRETS = ['correct "horse" battery', "tok-0123456789-not-real"];
  const forms = SECRETS.flatMap((secret) => [
    secret,
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(JSON.stringify(secret)).slice(3, -3),
    Buffer.from(secret).toString("base64"),
  ]);

  test.each(forms)("holds %s, or another form of it, and the comment does not", (form) => {
    expect(comment("secrets")).not.toContain(form);
  });

  test("holds them as they are", () => {
    const plan = JSON.stringify(examplePlans("secrets"));
    expect(SECRETS.map((secret) => plan.includes(JSON.stringify(secret).slice(1, -1)))).toEqual([true, true]);
  });

  test.each([
    "    container_properties: (sensitive value)",
    "    value: (sensitive value)",
    '    tags.Note: "the token is (sensitive value)"',
    '    tags.Coded: "(sensitive value)"',
    '+        "token": "(sensitive value)"',
  ])("has in its place: %s", (line) => {
    expect(comment("secrets").split("\n")).toContain(line);
  });
});
