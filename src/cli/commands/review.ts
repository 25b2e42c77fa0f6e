import { defineCommand } from "../define-command";
import { REVIEW } from "../flags";

export const review = defineCommand({
  name: "review",
  description: "write what a deploy would change as one Markdown comment for a pull request",
  flags: REVIEW,
  // 2 says that something would change, as from `terraform plan -detailed-exitcode`.
  wrongUsage: 1,
  action: async (given, session) => (await import("../review-run")).review(given, session),
});
