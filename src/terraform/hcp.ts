/** HCP Terraform over HTTP: the workspaces of the stacks, which the backend `cloud` keeps the states in. */
import { UsageError } from "../base/errors";
import { resourceName, stacksOf } from "../project/names";
import type { Settings } from "../project/settings-types";
import { terraformToken, waysToGiveToken } from "./terraform-token";

/** The deployment, and the means to ask HCP Terraform. */
export interface HcpProps {
  readonly settings: Settings;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /** @default `fetch` of Node.js */
  readonly ask?: typeof fetch;
}

/** The workspaces of the stacks, or the reason why they are not known. */
export type CloudWorkspaces =
  | { readonly found: "no-token" | "refused" | "no-organization" }
  /** A credentials helper gives the token to Terraform alone. */
  | { readonly found: "helper"; readonly helper: string }
  | {
      readonly found: "organization";
      /** Execution mode of workspaces that do not exist yet. */
      readonly defaultMode: string;
      /** Execution modes by name; `null` for a workspace that does not exist yet. */
      readonly modes: Readonly<Record<string, string | null>>;
    };

/**
 * Finds the workspaces of the stacks and their execution modes.
 * @throws UsageError when the host cannot be reached, or fails
 */
export async function findWorkspaces(props: HcpProps): Promise<CloudWorkspaces> {
  const { settings, environment } = props;
  const known = terraformToken(settings.cloudHostname, environment);
  if (known.found === "helper") return known;
  if (known.found === "none") return { found: "no-token" };
  const request = client(props, known.token);
  const { status, attributes } = await request("GET", "", { expected: [401, 404] });
  if (status === 401) return { found: "refused" };
  if (status === 404) return { found: "no-organization" };
  const modes = await Promise.all(
    workspaceNames(settings).map(async (name): Promise<[string, string | null]> => {
      const workspace = await request("GET", `/workspaces/${name}`, { expected: [404] });
      return [name, workspace.status === 404 ? null : String(workspace.attributes["execution-mode"])];
    }),
  );
  return {
    found: "organization",
    defaultMode: String(attributes["default-execution-mode"] ?? "remote"),
    modes: Object.fromEntries(modes),
  };
}

/**
 * Makes the workspaces of the stacks in the execution mode local, and sets existing ones to it. By default HCP Terraform would
 * run Terraform on its own machines, which have no Docker engine.
 * @param say called with a line for each change
 * @throws UsageError when there is no token, when the host refuses, or when it cannot be reached
 */
export async function makeWorkspaces(props: HcpProps, say: (line: string) => void): Promise<void> {
  const { settings, environment } = props;
  const { cloudHostname } = settings;
  const known = terraformToken(cloudHostname, environment);
  if (known.found !== "token") {
    const problem =
      known.found === "helper"
        ? `the credentials helper ${known.helper} gives its token of ${cloudHostname} only to Terraform`
        : `there is no token of ${cloudHostname}`;
    throw new UsageError(
      `${problem}, and the bootstrap needs one to create workspaces; ${waysToGiveToken(cloudHostname, environment)}`,
    );
  }
  const request = client(props, known.token);
  for (const name of workspaceNames(settings)) {
    const { status, attributes } = await request("GET", `/workspaces/${name}`, { expected: [404] });
    if (status === 404) {
      await request("POST", "/workspaces", { change: { name, "execution-mode": "local" } });
      say(`created the workspace ${name} in execution mode local`);
    } else if (attributes["execution-mode"] !== "local") {
      await request("PATCH", `/workspaces/${name}`, { change: { "execution-mode": "local" } });
      say(`set the workspace ${name} to execution mode local`);
    }
  }
}

// --- internal ---

const API_TYPE = "application/vnd.api+json";

interface Answer {
  readonly status: number;
  /** Empty unless the request succeeded. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

interface RequestOptions {
  /** Attributes of the workspace to set. */
  readonly change?: object;
  /** Statuses of failure that the caller handles. */
  readonly expected?: readonly number[];
}

/** Returns a function that sends requests below the organization's URL. */
function client({ settings, signal, ask = fetch }: HcpProps, token: string) {
  const { cloudHostname, cloudOrganization } = settings;
  const organization = `https://${cloudHostname}/api/v2/organizations/${encodeURIComponent(cloudOrganization!)}`;
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": API_TYPE };
  return async (method: string, path: string, { change, expected = [] }: RequestOptions): Promise<Answer> => {
    const url = new URL(organization + path);
    const body = change && { body: JSON.stringify({ data: { type: "workspaces", attributes: change } }) };
    let response: Response;
    try {
      response = await ask(url, { method, headers, ...body, ...(signal && { signal }) });
    } catch (error) {
      const { message, cause } = error as Error;
      const why = cause instanceof Error ? cause.message : message;
      throw new UsageError(`${url.host} cannot be reached: ${why}; look at the network and WORKFLOW_CLOUD_HOSTNAME`, {
        cause: error,
      });
    }
    const { status, ok } = response;
    if (ok) {
      const { data } = (await response.json()) as { data: { attributes: Record<string, unknown> } };
      return { status, attributes: data.attributes };
    }
    if (expected.includes(status)) return { status, attributes: {} };
    if (status === 429 || status >= 500) throw new UsageError(`${url.host} answers with ${status}; try again later`);
    throw new UsageError(
      `${url.host} refused to ${method} ${url.pathname} with status ${status}; look at the rights of the token`,
    );
  };
}

function workspaceNames(settings: Settings): string[] {
  return stacksOf(settings).map((stack) => resourceName(settings, stack));
}
