/** The limits of AWS for the size of a job's fields. What the project adds to them is small, and does not count here. */
import type { JobSettings } from "./settings-types";
import type { JobProblem } from "./unmet-rule";

/** The most characters of the policies of a role. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const MOST_POLICY_CHARACTERS = 10_240;
export const SHORTER_POLICY =
  "be shorter: the policies of a role have at most 10,240 characters; use wildcards in Action and Resource";

/** Finds fields that are too large for AWS by themselves. */
export function tooLarge(job: JobSettings): JobProblem[] {
  return LIMITS.flatMap(({ fields, size, most, must }): JobProblem[] => {
    if (fields.reduce((sum, field) => sum + size(job[field]), 0) <= most) return [];
    const [largest] = [...fields].sort((one, other) => size(job[other]) - size(job[one]));
    return [[largest!, must]];
  });
}

// --- internal ---

/** A limit of AWS for the fields of a job together. */
interface Limit {
  readonly fields: readonly (keyof JobSettings)[];
  /** Returns how much a field counts. */
  readonly size: (value: unknown) => number;
  readonly most: number;
  /** Completes "must …". */
  readonly must: string;
}

const jsonLength = (value: unknown) => JSON.stringify(value).length;

const LIMITS: readonly Limit[] = [
  {
    // @see https://docs.aws.amazon.com/batch/latest/userguide/service_limits.html
    fields: ["command", "parameters", "environment", "secrets", "efs"],
    size: jsonLength,
    most: 24 * 1024,
    must: "be shorter: a job definition has at most 24 KiB; put long values into a file, such as in the data bucket",
  },
  {
    fields: ["statements"],
    size: jsonLength,
    most: MOST_POLICY_CHARACTERS,
    must: SHORTER_POLICY,
  },
  {
    // @see https://docs.aws.amazon.com/batch/latest/userguide/tag-resources.html
    fields: ["tags"],
    size: (tags) => Object.keys(tags as JobSettings["tags"]).length,
    most: 47,
    must: "have at most 47 tags: AWS allows 50, and the project sets 3",
  },
];
