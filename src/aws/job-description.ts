/** Reads what a job runs from an answer of DescribeJobs. */
import type { ContainerDetail, JobDetail } from "@aws-sdk/client-batch";
import { substituteParameters } from "../asl/submit-job";
import { MASK } from "../base/hidden-values";
import type { JobDescription } from "../execution/events";
import { listOf, textOf } from "./answers";
import type { ComputeEnvironment } from "./ecs-clusters";

/**
 * Describes a job that has a container; `null` for any other job. The answer has the names of secrets, but never their values. So a
 * secret in a plain variable or in the command is not hidden.
 *
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_ContainerDetail.html
 */
export function descriptionOf(
  detail: JobDetail,
  environment: Pick<ComputeEnvironment, "compute" | "instanceTypes"> | null,
): JobDescription | null {
  const { container } = detail;
  const image = textOf(container?.image);
  if (container === undefined || image === undefined) return null;
  const secrets = listOf(container.secrets).flatMap(({ name }) => textOf(name) ?? []);
  const size = (type: string, otherwise: unknown) => sizeOf(container, type) ?? numberOf(otherwise);
  const onFargate = texts(detail.platformCapabilities).includes("FARGATE");
  return {
    definition: (textOf(detail.jobDefinition) ?? "").replace(/^.*\//s, ""),
    image,
    command: substituteParameters(texts(container.command), parametersOf(detail)),
    environment: Object.fromEntries([...variablesOf(container), ...secrets.map((name) => [name, MASK])]),
    secrets,
    vcpus: size("VCPU", container.vcpus) ?? 0,
    memoryMiB: size("MEMORY", container.memory) ?? 0,
    gpus: size("GPU", 0) ?? 0,
    compute: environment?.compute ?? null,
    architecture: architectureOf(container, onFargate),
    instanceTypes: environment?.instanceTypes ?? [],
    ephemeralStorageGiB: numberOf(container.ephemeralStorage?.sizeInGiB),
    sharedMemoryMiB: numberOf(container.linuxParameters?.sharedMemorySize),
    user: textOf(container.user) ?? null,
    readonlyRootFilesystem: container.readonlyRootFilesystem === true,
    initProcess: container.linuxParameters?.initProcessEnabled === true,
  };
}

/** Returns the task of the last attempt, and the name of its Amazon ECS cluster; `null` before the first one. */
export function taskOf({ container, attempts }: JobDetail): { readonly cluster: string; readonly id: string } | null {
  return readTaskArn(textOf(container?.taskArn) ?? textOf(listOf(attempts).at(-1)?.container?.taskArn) ?? "");
}

/** Reads `arn:aws:ecs:<region>:<account>:task/<cluster>/<id>`; `null` for an older ARN, which has no cluster. */
export function readTaskArn(arn: string): { readonly cluster: string; readonly id: string } | null {
  const [, cluster, id] = /:task\/([^/]+)\/([^/]+)$/.exec(arn) ?? [];
  return cluster === undefined ? null : { cluster, id: id! };
}

// --- internal ---

function sizeOf({ resourceRequirements }: ContainerDetail, type: string): number | null {
  return numberOf(listOf(resourceRequirements).find((each) => each.type === type)?.value);
}

/** Batch adds its own variables to the container, and gives them in no answer. An emulator may. */
function variablesOf({ environment }: ContainerDetail): [string, string][] {
  return listOf(environment).flatMap(({ name, value }): [string, string][] =>
    textOf(name) === undefined || name!.startsWith("AWS_BATCH_") ? [] : [[name!, textOf(value) ?? ""]],
  );
}

function parametersOf({ parameters }: JobDetail): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters ?? {}).filter(([, value]) => typeof value === "string"));
}

function architectureOf({ runtimePlatform }: ContainerDetail, onFargate: boolean): JobDescription["architecture"] {
  const architecture = textOf(runtimePlatform?.cpuArchitecture) ?? (onFargate ? "X86_64" : null);
  return architecture === "X86_64" || architecture === "ARM64" ? architecture : null;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.flatMap((each) => textOf(each) ?? []) : [];
}

function numberOf(value: unknown): number | null {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
}
