/**
 * Facts about instance types and families that follow from their names.
 *
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
import type { Architecture } from "./settings-types";

/** Graviton has the letter g behind the generation. The first one was a1. */
const GRAVITON = /^(a1|[a-z]+\d+g[a-z-]*|default_arm64)(\.|$)/;
/** The families p and g have GPUs. Those of g4ad are AMD's, which the system image of Batch does not support. */
const WITH_GPUS = /^(?!g4ad)(p|g|gr)\d/;

/** Returns the processor architecture of an instance type or family. */
export function architectureOf(instanceType: string): Architecture {
  return GRAVITON.test(instanceType) ? "ARM64" : "X86_64";
}

/** Returns whether an instance type or family has GPUs of NVIDIA. */
export function hasGpus(instanceType: string): boolean {
  return WITH_GPUS.test(instanceType);
}
