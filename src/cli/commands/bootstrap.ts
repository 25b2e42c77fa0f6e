import { join } from "node:path";
import { say } from "../../base/message";
import { PROJECT_FOLDER } from "../../project/project-folder";
import { defineCommand, toggle, valued, withDefault } from "../define-command";
import type { Session } from "../session";

export const bootstrap = defineCommand({
  name: "bootstrap",
  description: "prepare an AWS account for deployments from GitHub Actions; once for each workflow",
  epilogue: `This command prints the name of the repository after \`repo:\`:
  gh api repos/OWNER/REPO/actions/oidc/customization/sub --jq .sub_claim_prefix`,
  flags: {
    repository: valued(
      "owner/repo",
      "the repository on GitHub whose jobs may take the roles: OWNER/REPO or, since July 2026 for new ones, OWNER@ID/REPO@ID",
    ),
    bucket: valued(
      "name",
      "the bucket for Terraform's state, which is created (default: the setting stateBucket); not with the backend cloud",
    ),
    existingBucket: toggle("the bucket exists already; if this bootstrap created it, it is released, not destroyed"),
    branch: withDefault(valued("name", "the branch that is deployed to the environment of the settings"), "main"),
    mainOnly: toggle("deploy only the main branch: the environment `branches` cannot take the apply role"),
    existingProvider: toggle(
      "the account has GitHub's OIDC provider already; if this bootstrap created it, it is released, not destroyed",
    ),
    stateInBucket: toggle("keep the bootstrap's own state in the bucket, once the bucket exists"),
    workspacesOnly: toggle("create the workspaces of HCP Terraform, and nothing else"),
    planOnly: toggle("show what would be done"),
    autoApprove: toggle("do not ask"),
  },
  action: async (options, session) => {
    const { environment, context, stderr, ask } = session;
    const { loadSettings } = await import("../../project/load-settings");
    const { bootstrapAccount } = await import("../../terraform/bootstrap-account");
    return bootstrapAccount(options, loadSettings(environment, context), {
      environment,
      fetch,
      say: (line) => say(stderr, line),
      synthesize: async (settings, props) => {
        const { synthesizeBootstrap } = await import("../../../stacks/bootstrap-stack");
        return synthesizeBootstrap(settings, props, join(PROJECT_FOLDER, "bootstrap.out"));
      },
      isInteractive: ask !== null,
      terraform: (args, folder) => runInTerminal(args, folder, session),
    });
  },
});

/** Runs Terraform, which asks its own questions. After a Ctrl-C, waits until Terraform has saved its state. */
async function runInTerminal(
  args: readonly string[],
  folder: string,
  { environment, stdout, stderr, onInterrupt, startTerraform }: Session,
): Promise<number> {
  const plain = stdout.isTTY && !environment.NO_COLOR ? [] : ["-no-color"];
  const { ended, interrupt } = startTerraform([...args, ...plain], { folder, environment, output: "terminal" });
  const stopListening = onInterrupt(interrupt);
  try {
    const { exitCode, signal } = await ended;
    if (signal !== null) stderr.write(`Terraform was killed by ${signal}; its state may be locked\n`);
    return exitCode ?? 1;
  } finally {
    stopListening();
  }
}
