import { quote } from "../../base/text";
import { defineCommand, toggle } from "../define-command";
import { printJson } from "../printing";

/** The most characters of a setting that are shown. */
const LONGEST_VALUE = 4000;

export const settings = defineCommand({
  name: "settings",
  description: "show every setting: its value, its origin and its meaning",
  flags: { json: toggle("print them as one JSON document") },
  action: async ({ json }, session) => {
    const { describeSettings } = await import("../../project/load-settings");
    const described = describeSettings(session.environment, session.context);
    if (json) return printJson(session, described);
    for (const { name, variable, value, origin, help } of described) {
      session.stdout.write(`${name} = ${quote(value, LONGEST_VALUE)}
    from ${origin}; ${variable ?? "set in cdktf.json only"}
    ${help}
`);
    }
  },
});
