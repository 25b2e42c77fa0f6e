/**
 * The API token that Terraform has for a host such as app.terraform.io, from all places where Terraform looks for it.
 *
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#credentials
 */
import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { UsageError } from "../base/errors";

export type TerraformToken =
  | { readonly found: "token"; readonly token: string }
  /** A configured program gives the tokens. Only Terraform asks it. */
  | { readonly found: "helper"; readonly helper: string }
  | { readonly found: "none" };

const PREFIX = "TF_TOKEN_";
/** A larger file is no CLI configuration. */
const LONGEST_FILE = 2 ** 20;

/**
 * Looks for the token of a host: first in the environment, then in the CLI configuration, then for a credentials helper.
 * @throws UsageError when a file cannot be read
 */
export function terraformToken(hostname: string, environment: NodeJS.ProcessEnv): TerraformToken {
  const host = comparable(hostname);
  const given = Object.entries(environment).find(
    ([name, value]) => value && name.startsWith(PREFIX) && comparable(decoded(name.slice(PREFIX.length))) === host,
  );
  if (given !== undefined) return { found: "token", token: given[1]! };
  let token: string | undefined;
  let helper: string | undefined;
  // Terraform merges the files. The token of a later file overrides that of an earlier one.
  for (const path of configurationFiles(environment)) {
    for (const [keys, value] of settingsIn(path)) {
      const [block, name, key] = keys;
      if (block === "credentials" && key === "token" && comparable(name!) === host && value !== "") token = value;
      if (block === "credentials_helper" && name !== undefined) helper = name;
    }
  }
  if (token !== undefined) return { found: "token", token };
  return helper === undefined ? { found: "none" } : { found: "helper", helper };
}

/**
 * Returns the environment variable for the token of a host; `null` for a host with a port. In a shell, the name of a variable cannot
 * hold its colon.
 *
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#environment-variable-credentials
 */
export function tokenVariable(hostname: string): string | null {
  const host = comparable(hostname);
  return host.includes(":") ? null : `${PREFIX}${host.replace(/-/g, "__").replace(/\./g, "_")}`;
}

/** Lists the ways to give Terraform a token for a host, for the end of a message. */
export function waysToGiveToken(hostname: string, { TF_CLI_CONFIG_FILE }: NodeJS.ProcessEnv): string {
  const variable = tokenVariable(hostname);
  // If that variable is set, Terraform does not read the token that `terraform login` stores.
  const login = TF_CLI_CONFIG_FILE ? [] : [`run \`terraform login ${hostname}\``];
  const set = variable === null ? [] : [`set ${variable}`];
  const block = `add a \`credentials\` block to ${TF_CLI_CONFIG_FILE || "~/.terraformrc"}`;
  const ways = [...login, ...set, block];
  return ways.length === 1 ? block : `${ways.slice(0, -1).join(", ")} or ${block}`;
}

// --- internal ---

/** Returns a host in the form in which Terraform compares hosts: in lower case, without the default port. */
function comparable(hostname: string): string {
  return hostname.toLowerCase().replace(/:443$/, "");
}

/** Reads a host from the name of a variable. Its underscores replace dashes and dots. */
function decoded(name: string): string {
  return name.replaceAll("__", "-").replaceAll("_", ".");
}

/** Returns the files of the CLI configuration, in the order in which Terraform merges them. */
function configurationFiles(environment: NodeJS.ProcessEnv): string[] {
  const { TF_CLI_CONFIG_FILE, APPDATA, HOME, TERRAFORM_BINARY_NAME } = environment;
  if (TF_CLI_CONFIG_FILE) return [TF_CLI_CONFIG_FILE];
  const home = HOME ?? homedir();
  const isTofu = /^tofu(\.exe)?$/.test(basename(TERRAFORM_BINARY_NAME ?? ""));
  const own = isTofu && contentOf(join(home, ".tofurc")) !== null ? ".tofurc" : ".terraformrc";
  const folder = APPDATA ? join(APPDATA, "terraform.d") : join(home, ".terraform.d");
  return [
    APPDATA ? join(APPDATA, "terraform.rc") : join(home, own),
    ...filesIn(folder)
      .filter((file) => /\.tfrc(\.json)?$/.test(file))
      .sort()
      .map((file) => join(folder, file)),
  ];
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Returns the content of a file; `null` if there is none. @throws UsageError when it cannot be read */
function contentOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8").slice(0, LONGEST_FILE);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new UsageError(`Terraform's configuration cannot be read: ${(cause as Error).message}`, { cause });
  }
}

type Setting = readonly [keys: readonly string[], value: string];

/** Returns the settings of a file that are texts, each with its keys: `["credentials", "app.terraform.io", "token"]`. */
function settingsIn(path: string): Setting[] {
  const content = contentOf(path);
  if (content === null) return [];
  if (!path.endsWith(".json")) return settingsOfHcl(content);
  try {
    return settingsOfJson(JSON.parse(content), []);
  } catch (cause) {
    throw new UsageError(`${path} is not valid JSON: ${(cause as Error).message}; fix it, or remove it`, { cause });
  }
}

const DEEPEST = 4;

function settingsOfJson(value: unknown, keys: readonly string[]): Setting[] {
  if (typeof value === "string") return [[keys, value]];
  if (keys.length > DEEPEST || typeof value !== "object" || value === null) return [];
  // In the JSON of HCL, a block may be in a list.
  if (Array.isArray(value)) return value.flatMap((item) => settingsOfJson(item, keys));
  const named = Object.entries(value).flatMap(([key, inner]) => settingsOfJson(inner, [...keys, key]));
  return keys[0] === "credentials_helper" && keys.length === 2 ? [[keys, ""], ...named] : named;
}

/** The tokens of HCL: comments, texts, names, and punctuation. */
const HCL = /#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|"((?:[^"\\\n]|\\.)*)"|([\w.:/-]+)|([{}[\]=,])/g;

/** Reads blocks and assignments. Ignores errors: Terraform reports them when it starts. */
function settingsOfHcl(content: string): Setting[] {
  const settings: Setting[] = [];
  const frames: string[][] = [];
  let names: string[] = [];
  let isValue = false;
  let brackets = 0;
  for (const [, text, word, sign] of content.matchAll(HCL)) {
    if (sign === "[") brackets += 1;
    else if (sign === "]") {
      brackets -= 1;
      [names, isValue] = [[], false];
    } else if (brackets > 0) continue;
    else if (sign === "{") {
      frames.push(names);
      const keys = frames.flat();
      if (keys[0] === "credentials_helper") settings.push([keys, ""]);
      [names, isValue] = [[], false];
    } else if (sign === "}") {
      frames.pop();
      [names, isValue] = [[], false];
    } else if (sign === "=") isValue = true;
    else if (sign === ",") [names, isValue] = [[], false];
    else if (text !== undefined || word !== undefined) {
      const shown = text === undefined ? word! : unescaped(text);
      if (isValue) {
        settings.push([[...frames.flat(), ...names], shown]);
        [names, isValue] = [[], false];
      } else names.push(shown);
    }
  }
  return settings;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, sign: string) => ({ n: "\n", t: "\t", r: "\r" })[sign] ?? sign);
}
