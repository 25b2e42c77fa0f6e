import { defineCommand } from "../define-command";

export const synth = defineCommand({
  name: "synth",
  description: "write the Terraform configuration of every stack into cdktf.out",
  action: async (_, session) => (await import("../lifecycle/stack-run")).synthesizeOnly(session),
});
