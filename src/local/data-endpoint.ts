/** The S3 endpoint of a run, as the jobs of the run reach it. */
import { randomBytes } from "node:crypto";
import type { Clock } from "../base/clock";
import { UsageError } from "../base/errors";
import { whyItFailed } from "../base/file-errors";
import type { JobAdditions } from "./batch/job-additions";
import type { Bucket, DataFolder } from "./data/data-folder";
import { type Endpoint, startEndpoint } from "./data/s3/endpoint";
import { type Credentials, findAmong } from "./data/s3/signature";
import type { HostAddress } from "./engines/host-address";

/** The data of a run. */
export interface RunData {
  /** The name of the data bucket. */
  readonly bucket: string;
  readonly region: string;
  /** The objects. The document's own tasks use the same store. */
  readonly store: DataFolder;
}

export interface DataEndpoint {
  /** The variables and hosts that make the endpoint S3 for the jobs. */
  readonly additions: Pick<JobAdditions, "defaults" | "hosts">;
  /**
   * Returns a new access key for one job. The endpoint shows the bucket `seen` to those who use it. The secret is the same for all jobs.
   * `null` if the jobs have credentials of the user.
   */
  readonly newAccessKey: ((seen: (bucket: Bucket) => Bucket) => string) | null;
  /** The variables of `additions` whose values differ from run to run. */
  readonly changing: readonly string[];
  /** Ends all connections, and removes all unfinished files. Does not wait. */
  close(): void;
}

/**
 * Starts the endpoint at the first address that belongs to this machine.
 *
 * @param given the variables that the jobs get anyway: the endpoint accepts all credentials among them. Jobs without any get new ones
 * @throws UsageError if it cannot listen
 */
export async function startDataEndpoint(
  { bucket, region, store }: RunData,
  given: Pick<JobAdditions, "defaults" | "environment" | "secrets">,
  addresses: readonly HostAddress[],
  { now }: Pick<Clock, "now">,
): Promise<DataEndpoint> {
  const { defaults } = given;
  const variables = { ...defaults.environment, ...defaults.secrets };
  const ofUser = credentialsIn(variables);
  const credentials = ofUser ?? newCredentials();
  const buckets = new Map<string, Bucket>();
  const ofJobs = [{}, ...Object.values(given.secrets)].flatMap(
    (secrets) => credentialsIn({ ...variables, ...given.environment, ...secrets }) ?? [],
  );
  const known = findAmong([credentials, ...ofJobs]);
  const options = {
    ...{ store, bucket, now },
    credentialsOf: (accessKeyId: string) =>
      buckets.has(accessKeyId) ? { ...credentials, accessKeyId } : known(accessKeyId),
    bucketOf: (accessKeyId: string) => buckets.get(accessKeyId) ?? store,
  };
  const { address, endpoint } = await listenAtFirst(addresses, (listen) => startEndpoint({ ...options, listen }));
  const names = address.isAdded ? [address.name, `${bucket}.${address.name}`] : [];
  const { accessKeyId, secretAccessKey } = credentials;
  const own = {
    environment: {
      AWS_ENDPOINT_URL_S3: `http://${address.name}:${endpoint.port}`,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
    },
    secrets: { AWS_SECRET_ACCESS_KEY: secretAccessKey },
  };
  return {
    additions: {
      defaults: {
        environment: { ...own.environment, ...defaults.environment },
        secrets: { ...own.secrets, ...defaults.secrets },
      },
      hosts: Object.fromEntries(names.map((name) => [name, "host-gateway"])),
    },
    changing: Object.keys({ ...own.environment, ...own.secrets }).filter(
      (name) => CHANGING.has(name) && !Object.hasOwn(variables, name),
    ),
    newAccessKey:
      ofUser !== null
        ? null
        : (seen) => {
            const id = newAccessKeyId();
            buckets.set(id, seen(store));
            return id;
          },
    close: endpoint.close,
  };
}

// --- internal ---

const CHANGING: ReadonlySet<string> = new Set(["AWS_ENDPOINT_URL_S3", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]);

/** The codes of addresses that belong to another machine, or to none. */
const NOT_HERE: ReadonlySet<string> = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT", "EINVAL"]);

async function listenAtFirst(
  addresses: readonly HostAddress[],
  start: (listen: string) => Promise<Endpoint>,
): Promise<{ readonly address: HostAddress; readonly endpoint: Endpoint }> {
  const [address, ...others] = addresses;
  try {
    return { address: address!, endpoint: await start(address!.listen) };
  } catch (cause) {
    const isElsewhere = NOT_HERE.has((cause as NodeJS.ErrnoException).code ?? "");
    if (isElsewhere && others.length > 0) return listenAtFirst(others, start);
    const problem = `the S3 endpoint of the folder data/ cannot listen at ${address!.listen}: ${whyItFailed(cause)}`;
    throw new UsageError(`${problem}; without jobs that use S3, set \`data\` to none`, { cause });
  }
}

function credentialsIn(variables: Readonly<Record<string, string>>): Credentials | null {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN = null } = variables;
  if (AWS_ACCESS_KEY_ID === undefined || AWS_SECRET_ACCESS_KEY === undefined) return null;
  return { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY, sessionToken: AWS_SESSION_TOKEN };
}

/** They are as long as those of AWS. */
function newCredentials(): Credentials {
  return {
    accessKeyId: newAccessKeyId(),
    secretAccessKey: randomBytes(30).toString("base64url"),
    sessionToken: null,
  };
}

function newAccessKeyId(): string {
  return `LOCAL${randomBytes(8).toString("hex").toUpperCase().slice(1)}`;
}
