import type { Json, JsonObject } from "../../../base/json";
import { fargateMisfit, type JobSize } from "../../compute-sizes";
import { error, type Finding } from "../problem";
import type { RequestTask } from "../request-fields";
import { type Subject, WORKFLOW_QUEUE } from "../subject";
import { batchTasks, resourceRequirements } from "./batch-request";
import { definitionOf } from "./job-parameters";
import { type ProjectQueue, projectQueue, queueOf } from "./job-queue";

/**
 * Finds sizes in ContainerOverrides that Batch refuses, or for which the compute has no room.
 *
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_ResourceRequirement.html
 */
export function* findSizeMistakes(subject: Subject): Generator<Finding, void, undefined> {
  for (const task of batchTasks(subject)) {
    const asked = askedBy(task.request);
    if (asked.size === 0) continue;
    const mistakes = [...wholeNumbers(asked), ...misfitsOf(task, asked, subject)];
    for (const { type, must, got, fix } of mistakes) {
      const place = asked.get(type)?.place ?? [...asked.values()][0]!.place;
      const message = `${type} in ResourceRequirements must ${must}, got: ${got}`;
      yield error("batch-size", `${task.requestPointer}/${place}`, message, fix);
    }
  }
}

// --- internal ---

type ResourceType = "VCPU" | "MEMORY" | "GPU";

/** The resources that a request overrides. A value is `null` if it is known only when the state runs. */
type Asked = ReadonlyMap<Json | undefined, { readonly value: number | null; readonly place: string }>;

interface Mistake {
  readonly type: ResourceType;
  /** Completes "must …". */
  readonly must: string;
  readonly got: string | number;
  readonly fix: string;
}

function askedBy(request: JsonObject): Asked {
  return new Map(
    resourceRequirements(request).map(({ value: { Type, Value }, place }) => {
      // Another rule reports a value that is not a number above 0.
      const value = typeof Value === "string" && Number(Value) > 0 ? Number(Value) : null;
      return [Type, { value, place }];
    }),
  );
}

function* wholeNumbers(asked: Asked): Generator<Mistake, void, undefined> {
  for (const [type, unit] of [
    ["MEMORY", "MiB"],
    ["GPU", "GPUs"],
  ] as const) {
    const got = asked.get(type)?.value ?? null;
    if (got !== null && !Number.isInteger(got)) {
      yield { type, must: "be a whole number", got, fix: `write the number of ${unit}` };
    }
  }
}

/** Finds sizes that the compute behind the queue does not offer. An unknown queue counts as the one with the job's own compute. */
function misfitsOf(task: RequestTask, asked: Asked, subject: Subject): Mistake[] {
  const definition = definitionOf(task, subject);
  const queue = queueOf(task, subject) ?? projectQueue(definition?.queue ?? WORKFLOW_QUEUE, subject);
  return queue === null ? [] : misfits(asked, queue, definition);
}

/** Finds sizes that the compute does not offer. A resource that is not overridden has the value of the job definition. */
function misfits(asked: Asked, compute: ProjectQueue, definition: JobSize | null): Mistake[] {
  const vcpus = asked.has("VCPU") ? asked.get("VCPU")!.value : (definition?.vcpus ?? null);
  const memoryMiB = asked.has("MEMORY") ? asked.get("MEMORY")!.value : (definition?.memoryMiB ?? null);
  const { maxVcpus } = compute;
  if (vcpus !== null && vcpus > maxVcpus) {
    const must = `be at most \`maxVcpus\`, ${maxVcpus}, or the job never starts`;
    return [{ type: "VCPU", must, got: vcpus, fix: "write less, or set `maxVcpus` in cdktf.json" }];
  }
  if (!compute.isFargate) return onInstances(asked, compute);
  return [
    ...withoutGpu(asked, "Fargate has no GPU", "remove it, or set `compute` in cdktf.json to EC2 or SPOT"),
    ...(vcpus === null ? [] : onFargate(vcpus, memoryMiB, asked.has("MEMORY"))),
  ];
}

function withoutGpu(asked: Asked, reason: string, fix: string): Mistake[] {
  if (!asked.has("GPU")) return [];
  return [{ type: "GPU", must: `be unset, because ${reason}`, got: asked.get("GPU")!.value ?? "a path", fix }];
}

function onInstances(asked: Asked, { instance, hasGpus }: ProjectQueue): Mistake[] {
  const vcpus = asked.get("VCPU")?.value ?? null;
  const whole: Mistake[] =
    vcpus === null || Number.isInteger(vcpus)
      ? []
      : [{ type: "VCPU", must: "be a whole number on instances", got: vcpus, fix: "round it up" }];
  const [reason, fix]: [string, string] =
    instance === null
      ? ["the queue has no GPUs", "remove it, or set `gpus` of the job in cdktf.json"]
      : ["the default instances have no GPU", `remove it, or ${NAME_INSTANCES}`];
  const gpus = hasGpus ? [] : withoutGpu(asked, reason, fix);
  if (instance === null) return [...whole, ...gpus];
  const limits = [
    ["VCPU", vcpus, instance.vcpus],
    ["MEMORY", asked.get("MEMORY")?.value ?? null, instance.memoryMiB],
  ] as const;
  return [
    ...whole,
    ...gpus,
    ...limits.flatMap(([type, got, most]) =>
      got !== null && got > most
        ? [{ type, must: `be at most ${most} on the default instances`, got, fix: `write less, or ${NAME_INSTANCES}` }]
        : [],
    ),
  ];
}

function onFargate(vcpus: number, memoryMiB: number | null, overridesMemory: boolean): Mistake[] {
  const misfit = fargateMisfit({ vcpus, memoryMiB: memoryMiB ?? Number.NaN });
  if (misfit === null) return [];
  const must = `be one of ${misfit.offered.join(", ")} on Fargate`;
  if (misfit.field === "vcpus") return [{ type: "VCPU", must, got: vcpus, fix: "write one of them" }];
  if (memoryMiB === null) return [];
  const got = overridesMemory ? memoryMiB : `${memoryMiB} of the job definition`;
  return [
    { type: "MEMORY", must: `${must} with VCPU ${vcpus}`, got, fix: "override both with a pair that Fargate offers" },
  ];
}

const NAME_INSTANCES = "set `instanceTypes` in cdktf.json to larger ones";
