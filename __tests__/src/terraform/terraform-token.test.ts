import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../../src/base/errors";
import { terraformToken, tokenVariable, waysToGiveToken } from "../../../src/terraform/terraform-token";

const HOST = "my-tfe.example.com";
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "token-test-"));
  mkdirSync(join(home, ".terraform.d"));
});
afterEach(() => rmSync(home, { recursive: true }));

/** The token that is found with these files in the home folder. */
function tokenWith(files: Readonly<Record<string, string>>, environment: NodeJS.ProcessEnv = {}, host = HOST) {
  for (const [path, content] of Object.entries(files)) writeFileSync(join(home, path), content);
  const { found, ...rest } = terraformToken(host, { HOME: home, ...environment });
  return found === "none" ? null : Object.values(rest)[0];
}

const block = (token: string, host = HOST) => `credentials "${host}" {\n  token = "${token}"\n}\n`;
const stored = (token: string, host = HOST) => JSON.stringify({ credentials: { [host]: { token } } });
const LOGIN = ".terraform.d/credentials.tfrc.json";

test.each<[string, Record<string, string>, string | null]>([
  ["nothing", {}, null],
  ["a block of the CLI configuration", { ".terraformrc": block("rc") }, "rc"],
  ["what terraform login stores", { [LOGIN]: stored("login") }, "login"],
  ["both: the later file counts", { ".terraformrc": block("rc"), [LOGIN]: stored("login") }, "login"],
  ["another file of the folder", { ".terraform.d/more.tfrc": block("more") }, "more"],
  ["a file that Terraform does not read", { ".terraform.d/more.hcl": block("more") }, null],
  ["another host", { ".terraformrc": block("rc", "other.example.com") }, null],
  ["a host in upper case", { ".terraformrc": block("rc", "MY-TFE.example.com") }, "rc"],
  ["a comment", { ".terraformrc": `# ${block("no").replaceAll("\n", "\n# ")}\n/* ${block("no")} */` }, null],
  ["a comment in a block", { ".terraformrc": block("rc").replace("{", '{ // token = "no"') }, "rc"],
  ["an assignment", { ".terraformrc": `credentials = { "${HOST}" = { token = "rc" } }` }, "rc"],
  ["a quoted key, and a quote in the token", { ".terraformrc": block('a\\"b').replace("token", '"token"') }, 'a"b'],
  ["an empty token", { ".terraformrc": block("") }, null],
  [
    "other settings around it",
    {
      ".terraformrc": `disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = "/x"\n    include = ["a/*/*"]\n  }\n}\n${block("rc")}host "a" { services = { "b.v1" = "c" } }`,
    },
    "rc",
  ],
  ["a list in JSON", { [LOGIN]: JSON.stringify({ credentials: [{ [HOST]: [{ token: "list" }] }] }) }, "list"],
])("%s", (_, files, token) => {
  expect(tokenWith(files)).toBe(token);
});

test("with TF_CLI_CONFIG_FILE, that file alone is read", () => {
  const files = { ".terraformrc": block("rc"), [LOGIN]: stored("login"), "other.tfrc": "" };
  expect(tokenWith(files, { TF_CLI_CONFIG_FILE: join(home, "other.tfrc") })).toBeNull();
  expect(tokenWith({ "other.tfrc": block("other") }, { TF_CLI_CONFIG_FILE: join(home, "other.tfrc") })).toBe("other");
});

test.each([["TF_TOKEN_my__tfe_example_com"], ["TF_TOKEN_my-tfe.example.com"], ["TF_TOKEN_MY__TFE_example_com"]])(
  "the variable %s comes first",
  (variable) => {
    expect(tokenWith({ ".terraformrc": block("rc") }, { [variable]: "environment" })).toBe("environment");
  },
);

test("a host with a port has a token of its own", () => {
  const files = { ".terraformrc": block("with", `${HOST}:8443`) };
  expect(tokenWith(files, { TF_TOKEN_my__tfe_example_com: "without" }, `${HOST}:8443`)).toBe("with");
  expect(tokenWith(files)).toBeNull();
  expect(tokenWith({ ".terraformrc": block("usual") }, {}, `${HOST}:443`)).toBe("usual");
});

test("OpenTofu has a file of its own", () => {
  const files = { ".terraformrc": block("terraform"), ".tofurc": block("tofu") };
  expect(tokenWith(files)).toBe("terraform");
  expect(tokenWith(files, { TERRAFORM_BINARY_NAME: "/usr/bin/tofu" })).toBe("tofu");
});

test("a credentials helper is named, unless there is a token", () => {
  const helper = 'credentials_helper "vault" {\n  args = ["--host=a"]\n}\n';
  expect(tokenWith({ ".terraformrc": helper })).toBe("vault");
  expect(tokenWith({ ".terraformrc": helper + block("rc") })).toBe("rc");
});

test("a file that is no JSON is refused by name", () => {
  expect(() => tokenWith({ [LOGIN]: "{" })).toThrow(UsageError);
  expect(() => tokenWith({ [LOGIN]: "{" })).toThrow(`${join(home, LOGIN)} is not valid JSON: `);
});

test.each([
  ["app.terraform.io", "TF_TOKEN_app_terraform_io"],
  ["my-tfe.example.com", "TF_TOKEN_my__tfe_example_com"],
  ["my-tfe.example.com:443", "TF_TOKEN_my__tfe_example_com"],
  ["my-tfe.example.com:8443", null],
])("the token of %s is in the variable %s", (host, variable) => {
  expect(tokenVariable(host)).toBe(variable);
});

test.each<[string, NodeJS.ProcessEnv, string]>([
  [
    "a.example.com",
    {},
    "run `terraform login a.example.com`, set TF_TOKEN_a_example_com or add a `credentials` block to ~/.terraformrc",
  ],
  ["a.example.com:1", {}, "run `terraform login a.example.com:1` or add a `credentials` block to ~/.terraformrc"],
  ["a.example.com:1", { TF_CLI_CONFIG_FILE: "/etc/x.tfrc" }, "add a `credentials` block to /etc/x.tfrc"],
])("how to give %s a token, with %j", (host, environment, ways) => {
  expect(waysToGiveToken(host, environment)).toBe(ways);
});
