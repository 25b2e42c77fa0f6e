/** The flags of `local`, most of them about its jobs. */
import { statSync } from "node:fs";
import { posix, resolve } from "node:path";
import { VARIABLE_NAME } from "../base/env-file";
import { UsageError } from "../base/errors";
import { whyItFailed } from "../base/file-errors";
import { suggest } from "../base/suggest";
import type { Chaos } from "../local/engines/chaos-engine";
import { CHAOS_FAILURES, type FailureName } from "../local/engines/chaos-failures";
import type { Mount } from "../local/engines/engine";
import { oneOf, optionallyValued, repeated, valued, withDefault } from "./define-command";
import { INPUT, LOGS, MOCK, VIEWS, wholeNumber } from "./flags";

/** A variable. `value` is `null` if the environment of the command has it. */
interface GivenVariable {
  readonly name: string;
  readonly value: string | null;
}

const FOR_JOBS = {
  env: repeated("name=value", "a variable for all jobs; NAME alone takes it from this environment", givenVariable),
  envFile: valued("file", "a file with variables for all jobs, NAME=value on each line; --env replaces them"),
  secrets: valued("file", "a file with the values of the jobs' secrets (default: .secrets.env, then this environment)"),
  mount: repeated("host:container", "a folder or file that all containers see; add :ro to protect it", mount),
  awsProfile: valued("name", "give the jobs the credentials of this profile: they then act on the real AWS"),
  maxJobs: valued("number", "the most jobs that run at the same time", wholeNumber),
  chaos: valued(
    "name=probability,…",
    `let attempts of the jobs fail, such as lost-host=0.3; names: ${Object.keys(CHAOS_FAILURES).join(", ")}`,
    probabilities,
  ),
  chaosSeed: valued(
    "number",
    "inject the same failures as the run with this seed (default: a random one)",
    wholeNumber,
  ),
};

const AGAIN = {
  resume: optionallyValued(
    "run",
    "run only what has changed or failed since a kept run: unchanged jobs get their earlier result (without a name: the latest run)",
    "latest",
    { parse: runName },
  ),
  from: {
    ...valued("state", "begin at a state, with the input it had in the latest run, or in the run of --resume"),
    conflicts: ["only", "input"],
  },
  only: {
    ...valued("state", "the same, and stay at the state; one inside a Map is named with its item: 'state[3]'"),
    conflicts: ["input"],
  },
};

const ENGINE = oneOf("engine", "what runs the jobs; auto: Docker if it answers, otherwise processes", [
  "auto",
  "docker",
  "process",
]);
const JOB = repeated("name=image", "the image of a job definition that the given document names", jobImage);

/** The flags of a redrive on this machine. */
export const REDRIVE_HERE = { ...MOCK, engine: ENGINE, job: JOB, ...FOR_JOBS, ...LOGS };

export const LOCAL = {
  ...INPUT,
  ...AGAIN,
  ...MOCK,
  engine: withDefault(ENGINE, "auto"),
  job: JOB,
  ...FOR_JOBS,
  ...LOGS,
  ...VIEWS,
};

// --- internal ---

/** Refuses a document that the flag has taken. */
function runName(text: string, flag: string): string {
  if (!text.endsWith(".json") || statSync(text, { throwIfNoEntry: false }) === undefined) return text;
  throw new UsageError(
    `\`${flag}\` takes the name of a run, got the file ${text}; write the document before \`${flag}\``,
  );
}

function jobImage(text: string, name: string): string {
  if (/^[^=]+=./.test(text)) return text;
  throw new UsageError(
    `\`${name}\` must be the name of a job definition, = and an image, such as train=python:3.12, got: ${JSON.stringify(text)}`,
  );
}

/** Reads `lost-host=0.3,pull=0.1`. */
function probabilities(text: string, flag: string): Chaos["probabilities"] {
  const found = new Map<string, number>();
  for (const part of text.split(",")) {
    const [, name = "", value = ""] = /^\s*([^=]*?)\s*(?:=\s*(.*?)\s*)?$/s.exec(part)!;
    if (!Object.hasOwn(CHAOS_FAILURES, name)) {
      const isDecimal = /^\d+$/.test(name);
      const fix = isDecimal
        ? "write decimals with a point, such as 0.3"
        : suggest(name, Object.keys(CHAOS_FAILURES), "failures");
      throw new UsageError(`\`${flag}\` has an unknown failure, got: ${JSON.stringify(name)}; ${fix}`);
    }
    if (!/^(0|1|0?\.\d+|[01]\.0+)$/.test(value)) {
      const got = value === "" ? part.trim() : value;
      const percent = /^(\d{1,2})\s*%?$/.exec(value)?.[1] ?? "30";
      throw new UsageError(
        `\`${flag}\`: the probability of ${name} must be a number from 0 to 1, such as ${name}=${Number(percent) / 100}, got: ${JSON.stringify(got)}`,
      );
    }
    if (found.has(name)) throw new UsageError(`\`${flag}\` names ${name} twice; name it once`);
    found.set(name, Number(value));
  }
  const sum = [...found.values()].reduce((one, other) => one + other, 0);
  if (sum > 1 + ROUNDING) {
    throw new UsageError(
      `\`${flag}\`: an attempt has one failure at most, so the probabilities must add up to 1 at most, got: ${text}`,
    );
  }
  return Object.fromEntries(found) as Partial<Record<FailureName, number>>;
}

/** The sum of decimal fractions such as 0.7, 0.2 and 0.1 is not exact. */
const ROUNDING = 1e-9;

function givenVariable(text: string, flag: string): GivenVariable {
  const [, name, , value = null] = /^([^=]*)(=([\s\S]*))?$/.exec(text)!;
  if (!VARIABLE_NAME.test(name!)) {
    // The text after the name may be a secret.
    throw new UsageError(`\`${flag}\` must be NAME=value or NAME, got the name: ${JSON.stringify(name)}`);
  }
  if (name!.startsWith("AWS_BATCH_"))
    throw new UsageError(`\`${flag}\` cannot set ${name}: Batch sets it for each job`);
  return { name: name!, value };
}

function mount(text: string, flag: string): Mount {
  const wrong = (problem: string) => new UsageError(`\`${flag}\` ${problem}, got: ${text}`);
  const readOnly = text.endsWith(":ro");
  const paths = readOnly ? text.slice(0, -":ro".length) : text;
  const colon = paths.lastIndexOf(":");
  if (colon < 1) throw wrong("must be HOST:CONTAINER or HOST:CONTAINER:ro, such as ./in:/in:ro");
  const [host, given] = [paths.slice(0, colon), paths.slice(colon + 1)];
  if (!given.startsWith("/") && paths.slice(0, colon).includes(":/")) throw wrong("takes no option but :ro");
  if (!given.startsWith("/")) throw wrong("needs an absolute path of the container after the last colon, such as /in");
  const container = posix.normalize(given).replace(/(?<=.)\/$/, "");
  if (container === "/") throw wrong("cannot replace the root folder of the container");
  const path = resolve(host);
  try {
    statSync(path);
  } catch (error) {
    throw new UsageError(`\`${flag}\`: ${path} cannot be mounted: ${whyItFailed(error)}`);
  }
  return { host: path, container, readOnly };
}
