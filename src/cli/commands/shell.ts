import { defineCommand, optional, toggle, valued, words } from "../define-command";
import { ON_AWS } from "../flags";

export const shell = defineCommand({
  name: "shell",
  description: "open a shell in a running job",
  arguments: {
    job: optional("a state such as step2_job[3], a job's name or id, or latest (default: the only job that runs)"),
    command: words("a command to run instead of a shell, after --"),
  },
  flags: {
    ...ON_AWS,
    local: toggle("a job of a local run, in its container", { conflicts: ["stateMachine"] }),
    execution: valued("name", "the execution of the job (default: the latest; with --local any)"),
  },
  epilogue: `On AWS, this needs the AWS CLI, its Session Manager plugin, and \`exec\` of the
job in cdktf.json. A command needs the name of the job: shell step1 -- ls /tmp`,
  action: async ({ local, stateMachine, ...request }, session) =>
    local
      ? (await import("../shell/shell-here")).shellHere(request, session)
      : (await import("../shell/shell-on-aws")).shellOnAws({ ...request, stateMachine }, session),
});
