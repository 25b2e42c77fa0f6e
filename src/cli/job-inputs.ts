/** Reads what the flags of a local run give its jobs: variables, secrets and mounts. */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { readEnvFile, VARIABLE_NAME } from "../base/env-file";
import { UsageError } from "../base/errors";
import { SHORTEST_HIDDEN } from "../base/hidden-values";
import { listed } from "../base/text";
import type { JobAdditions } from "../local/batch/job-additions";
import { isReadByDocker } from "../local/engines/docker-cli";
import type { Engine } from "../local/engines/engine";
import { secretValues } from "../local/job-secrets";
import type { Jobs } from "../local/jobs-to-run";
import { resourceName } from "../project/names";
import { PROJECT_FOLDER } from "../project/project-folder";
import type { Settings } from "../project/settings-types";
import type { LocalFlags } from "./runnable";

type Variables = Readonly<Record<string, string>>;

/** The file with secrets that is read if it exists. git ignores it. */
const SECRETS_FILE = ".secrets.env";

/** The additions that the flags make, without those that AWS must be asked for. */
export type GivenAdditions = Omit<JobAdditions, "defaults" | "hosts">;

/**
 * Returns the variables and mounts for all jobs. `--env` replaces `--env-file`.
 *
 * @throws UsageError
 */
export function givenAdditions(
  { env, envFile, mount }: Pick<LocalFlags, "env" | "envFile" | "mount">,
  environment: NodeJS.ProcessEnv,
): GivenAdditions {
  refuseTwice(
    "--env",
    "the variable",
    env.map(({ name }) => name),
  );
  refuseTwice(
    "--mount",
    "the path",
    mount.map(({ container }) => container),
  );
  const variables = env.map(({ name, value }) => {
    const found = value ?? environment[name];
    if (found !== undefined) return [name, found] as const;
    throw new UsageError(
      `\`--env ${name}\` needs the variable ${name} in the environment; set it, or write ${name}=value`,
    );
  });
  const fromFile = envFile === undefined ? {} : readEnvFile(envFile, "--env-file");
  refuseNames(Object.keys(fromFile), envFile);
  return { environment: { ...fromFile, ...Object.fromEntries(variables) }, secrets: {}, mounts: mount };
}

/**
 * Returns the values of the secrets by job definition, and warnings about them.
 *
 * @throws UsageError if the file cannot be read, or has no value for a secret of a job
 */
export function readSecrets(
  settings: Settings,
  jobs: Jobs,
  { secrets: path }: Pick<LocalFlags, "secrets">,
  { given, environment }: { readonly given: Variables; readonly environment: NodeJS.ProcessEnv },
): { readonly secrets: JobAdditions["secrets"]; readonly warnings: readonly string[] } {
  const usual = join(PROJECT_FOLDER, SECRETS_FILE);
  const hasSecrets = Object.values(jobs).some((job) => Object.keys(job.secrets).length > 0);
  const used = path ?? (hasSecrets && existsSync(usual) ? usual : null);
  const file = used === null ? {} : readEnvFile(used, path === undefined ? null : "--secrets");
  const values = secretValues(jobs, { given, file, fileName: path ?? SECRETS_FILE, environment });
  return {
    secrets: Object.fromEntries(Object.entries(values).map(([job, ofJob]) => [resourceName(settings, job), ofJob])),
    warnings: [
      ...(used === null ? [] : warnOfReaders(used)),
      ...warnOfNoJob(Object.keys(file), settings),
      ...warnOfShort(values),
    ],
  };
}

/** @throws UsageError if the engine cannot give its jobs these additions */
export function refuseUnfit({ mounts, secrets }: GivenAdditions, engine: Pick<Engine, "name">): void {
  if (engine.name === "process") {
    if (mounts.length === 0) return;
    throw new UsageError(
      "`--mount` needs containers, and the jobs run as plain processes; start Docker, or leave it out",
    );
  }
  const name = Object.values(secrets).flatMap(Object.keys).find(isReadByDocker);
  if (name === undefined) return;
  throw new UsageError(
    `the secret ${name} cannot be given to containers, because the Docker CLI reads ${name} itself; rename the variable`,
  );
}

// --- internal ---

const MOST_NAMES = 5;

function refuseTwice(flag: string, what: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageError(`\`${flag}\` gives ${what} ${twice} twice; give it once`);
}

function refuseNames(names: readonly string[], path: string | undefined): void {
  for (const name of names) {
    if (!VARIABLE_NAME.test(name)) {
      throw new UsageError(`\`--env-file\`: ${path}: the name of a variable has letters, digits and _, got: ${name}`);
    }
    if (name.startsWith("AWS_BATCH_")) {
      throw new UsageError(`\`--env-file\`: ${path}: ${name} cannot be set: Batch sets it for each job`);
    }
  }
}

/** Windows has no such modes. */
function warnOfReaders(path: string): string[] {
  if (process.platform === "win32" || (statSync(path).mode & 0o077) === 0) return [];
  return [`other users of this machine may read ${path}: run \`chmod 600 ${path}\``];
}

/** A misspelt job would get the value for all jobs. */
function warnOfNoJob(names: readonly string[], { jobs }: Settings): string[] {
  const foreign = names.filter((name) => name.includes(".") && !Object.hasOwn(jobs, name.slice(0, name.indexOf("."))));
  if (foreign.length === 0) return [];
  return [
    `no job has these secrets of the file: ${listed(foreign, MOST_NAMES)}; the jobs are ${listed(Object.keys(jobs), MOST_NAMES)}`,
  ];
}

function warnOfShort(values: Readonly<Record<string, Variables>>): string[] {
  const short = Object.values(values).flatMap((ofJob) =>
    Object.keys(ofJob).filter((name) => ofJob[name]!.length < SHORTEST_HIDDEN),
  );
  if (short.length === 0) return [];
  const names = listed([...new Set(short)], MOST_NAMES);
  return [`secrets with fewer than ${SHORTEST_HIDDEN} characters are not hidden in the output: ${names}`];
}
