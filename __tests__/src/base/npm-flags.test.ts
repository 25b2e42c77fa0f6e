import { type FlagOption, flagsKeptByNpm } from "../../../src/base/npm-flags";

const OPTIONS: readonly FlagOption[] = [
  { long: "--input", flags: "--input <file>", required: true, negate: false },
  { long: "--json", flags: "--json", required: false, negate: false },
  { long: "--no-validate", flags: "--no-validate", required: false, negate: true },
  { long: "--no-color", flags: "--no-color", required: false, negate: true },
  { long: "--auto-approve", flags: "--auto-approve", required: false, negate: false },
  { long: "--var", flags: "--var <name=value>", required: true, negate: false },
  { long: "--cause", flags: "--cause <text>", required: true, negate: false },
  { long: "--all", flags: "--all", required: false, negate: false },
];

/** Set in every script, by npm 10 and 11. */
const ALWAYS = {
  npm_lifecycle_event: "start",
  npm_config_allow_scripts: "",
  npm_config_cache: "/home/me/.npm",
  npm_config_call: "npm start",
  npm_config_global_prefix: "/usr",
  npm_config_loglevel: "silent",
  npm_config_node_gyp: "/usr/lib/node-gyp.js",
  npm_config_noproxy: "",
  npm_config_npm_version: "11.19.1",
  npm_config_prefix: "/usr",
  npm_config_user_agent: "npm/11.19.1 node/v24.21.0 linux x64 workspaces/false",
  npm_config_yes: "",
};

test.each<[string, NodeJS.ProcessEnv, string[]]>([
  ["npm start", {}, []],
  ["npm start --json=false", { npm_config_json: "" }, []],
  ["npm start --validate", { npm_config_validate: "true" }, []],
  ["npm start, with `color=false` in .npmrc", { npm_config_color: "" }, []],
  ["npm start, with a setting of another program in .npmrc", { npm_config_electron_mirror: "https://example.com" }, []],
  ["npm start --input=bad.json", { npm_config_input: "bad.json" }, ["--input bad.json"]],
  ["npm start --input='my file.json'", { npm_config_input: "my file.json" }, ['--input "my file.json"']],
  ["npm start --input bad.json", { npm_config_input: "true" }, ["--input <file>"]],
  ["npm start --json", { npm_config_json: "true" }, ["--json"]],
  ["npm start --no-validate", { npm_config_validate: "" }, ["--no-validate"]],
  ["npm run deploy --auto-approve", { npm_config_auto_approve: "true" }, ["--auto-approve"]],
  ["npm run deploy --var=a=1 --var=b=2", { npm_config_var: "a=1\n\nb=2" }, ["--var a=1", "--var b=2"]],
  ["npm start --inptu=bad.json", { npm_config_inptu: "bad.json" }, ["--input bad.json"]],
])("%s", (_, kept, expected) => {
  expect(flagsKeptByNpm(OPTIONS, { ...ALWAYS, ...kept }).map(({ flag }) => flag)).toEqual(expected);
});

test("npx passes all flags on, whatever a user's .npmrc holds", () => {
  expect(flagsKeptByNpm(OPTIONS, { ...ALWAYS, npm_lifecycle_event: "npx", npm_config_json: "true" })).toEqual([]);
});

test("without npm nothing is kept", () => {
  expect(flagsKeptByNpm(OPTIONS, { npm_config_json: "true" })).toEqual([]);
});
