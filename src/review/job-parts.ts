/** The parts of a job definition, field by field. */
import { asObject, type Json, type JsonObject, objectsOf } from "../base/json";
import { inBlock, inContainer, type Part, part } from "./parts";

const NAMED = { isNamed: true } as const;

/** @see https://docs.aws.amazon.com/batch/latest/APIReference/API_ContainerProperties.html */
export const JOB_PARTS: readonly Part[] = [
  inContainer("image", ({ image }) => image),
  inContainer("command", ({ command }) => command),
  inContainer("vCPUs", requirement("VCPU")),
  inContainer("memory", requirement("MEMORY"), { unit: "MiB" }),
  inContainer("GPUs", requirement("GPU")),
  inContainer("shared memory", ({ linuxParameters }) => asObject(linuxParameters).sharedMemorySize, { unit: "MiB" }),
  inContainer("scratch space", ({ ephemeralStorage }) => asObject(ephemeralStorage).sizeInGiB, { unit: "GiB" }),
  inContainer("secret", ({ secrets }) => byName(secrets, "name", ({ valueFrom }) => valueFrom), {
    ...NAMED,
    warning: {
      title: "Secrets removed",
      isMet: (before, after) => Object.keys(asObject(before)).some((name) => !(name in asObject(after))),
    },
  }),
  inContainer("variable", ({ environment }) => byName(environment, "name", ({ value }) => value), NAMED),
  inContainer("mount", mounts, NAMED),
  inContainer("root file system", rootOf, {
    warning: {
      title: "Root file system becomes writable",
      isMet: (before, after) => before === READ_ONLY && after === WRITABLE,
    },
  }),
  inContainer("shell access", ({ enableExecuteCommand }) => (enableExecuteCommand === true ? "on" : "off"), {
    warning: {
      title: "A person may open a shell in",
      isMet: (before, after) => before !== "on" && after === "on",
    },
  }),
  inContainer("user", ({ user }) => user),
  inContainer("privileged", ({ privileged }) => (privileged === true ? "on" : "off"), {
    warning: { title: "Privileged", isMet: (before, after) => before !== "on" && after === "on" },
  }),
  inContainer("init process", ({ linuxParameters }) =>
    asObject(linuxParameters).initProcessEnabled === true ? "on" : "off",
  ),
  inContainer("job role", ({ jobRoleArn }) => jobRoleArn),
  inContainer("execution role", ({ executionRoleArn }) => executionRoleArn),
  inContainer("public address", ({ networkConfiguration }) => asObject(networkConfiguration).assignPublicIp),
  inContainer("processor", ({ runtimePlatform }) => asObject(runtimePlatform).cpuArchitecture),
  inContainer("logs", ({ logConfiguration }) => logConfiguration),
  inBlock("timeout", "timeout", "attempt_duration_seconds", { unit: "s" }),
  inBlock("attempts", "retry_strategy", "attempts"),
  part("retry rule", "retry_strategy", { of: retryRules, ...NAMED }),
  part("parameter", "parameters", NAMED),
  part("platform", "platform_capabilities"),
];

// --- internal ---

const READ_ONLY = "read-only";
const WRITABLE = "writable";

function rootOf({ readonlyRootFilesystem }: JsonObject): string {
  return readonlyRootFilesystem === true ? READ_ONLY : WRITABLE;
}

function requirement(type: string) {
  return ({ resourceRequirements }: JsonObject) =>
    objectsOf(resourceRequirements).find((one) => one.type === type)?.value;
}

/** Turns a list of objects into an object, by one of their fields. */
function byName(list: Json | undefined, name: string, value: (item: JsonObject) => Json | undefined): JsonObject {
  return Object.fromEntries(objectsOf(list).map((item) => [String(item[name]), value(item) ?? null]));
}

/** Returns the source of each mount, by its path in the container. */
function mounts({ mountPoints, volumes }: JsonObject): JsonObject {
  const sources = byName(volumes, "name", sourceOf);
  return byName(mountPoints, "containerPath", ({ sourceVolume, readOnly }) =>
    [sources[String(sourceVolume)] ?? sourceVolume, ...(readOnly === true ? [READ_ONLY] : [])].join(", "),
  );
}

function sourceOf({ efsVolumeConfiguration, host }: JsonObject): Json {
  const { fileSystemId, rootDirectory, authorizationConfig } = asObject(efsVolumeConfiguration);
  const { accessPointId } = asObject(authorizationConfig);
  const folder = rootDirectory === "/" ? undefined : rootDirectory;
  return [fileSystemId ?? asObject(host).sourcePath, folder, accessPointId].filter((one) => one != null).join(", ");
}

/** Returns the action of each retry rule, by its condition. */
function retryRules(blocks: Json): JsonObject {
  return byName(
    objectsOf(objectsOf(blocks)[0]?.evaluate_on_exit).map((rule) => ({ ...rule, condition: conditionOf(rule) })),
    "condition",
    ({ action }) => (typeof action === "string" ? action.toLowerCase() : null),
  );
}

function conditionOf({ on_status_reason, on_reason, on_exit_code }: JsonObject): string {
  const conditions = { "status reason": on_status_reason, reason: on_reason, "exit code": on_exit_code };
  return Object.entries(conditions)
    .flatMap(([what, pattern]) => (typeof pattern === "string" && pattern !== "" ? [`${what} ${pattern}`] : []))
    .join(" and ");
}
