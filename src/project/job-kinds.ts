/** The kinds of values of a job, with the rules of AWS for each. */
import { VARIABLE_NAME } from "../base/env-file";
import { COMPUTES } from "./job-compute";
import { SECRET_REFERENCE } from "./secret-arns";
import { byName, fields, type Kind, list, oneOf, optional, SWITCH, someOf, text } from "./setting-kinds";
import type { Architecture, Compute, EfsMount } from "./settings-types";

/** The most compute environments of a queue. @see https://docs.aws.amazon.com/batch/latest/userguide/service_limits.html */
const MOST_COMPUTE = 3;

export const COMPUTE: Kind<readonly Compute[]> = someOf(MOST_COMPUTE, ...COMPUTES);

export const ARCHITECTURE: Kind<Architecture> = oneOf("X86_64", "ARM64");

export const INSTANCE_TYPES: Kind<readonly string[]> = list(
  /^(default_(x86_64|arm64)|[a-z][a-z0-9-]*(\.[a-z0-9-]+)?)$/,
  "instance types or families such as m7g.large, separated by commas",
  "an instance type or family, such as m7g.large",
);

/**
 * An image of a registry. Without a tag or a digest it would be whatever is the latest.
 *
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_ContainerProperties.html ("image")
 */
export const IMAGE_URI: Kind<string> = text(
  /^[a-z0-9][a-z0-9.-]*(:\d+)?(\/[a-z0-9][a-z0-9._-]*)*(:\w[\w.-]{0,127}(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$/,
  "an image with its tag or digest, such as public.ecr.aws/docker/library/python:3.13-slim",
);

/** Names that start with `AWS_BATCH` are those of Batch itself. */
const VARIABLE = {
  rule: "a variable's name, such as LOG_LEVEL, and does not start with AWS_BATCH",
  isGood: (name: string) => VARIABLE_NAME.test(name) && !name.startsWith("AWS_BATCH"),
};

/**
 * The variables of a container. The provider drops those that are empty.
 *
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_ContainerProperties.html ("environment")
 */
export const ENVIRONMENT = byName("an object of strings", text(/[\s\S]/, "a string that is not empty"), VARIABLE);

/** @see https://docs.aws.amazon.com/batch/latest/APIReference/API_Secret.html */
export const SECRETS = byName("an object of ARNs by variable", SECRET_REFERENCE, VARIABLE);

/** @see https://docs.aws.amazon.com/batch/latest/userguide/tag-resources.html */
export const TAGS = byName(
  "an object of strings",
  text(/^[\p{L}\p{N}_ .:/=+@-]{0,256}$/u, "at most 256 letters, digits, blanks and any of _.:/=+-@"),
  {
    rule: "1 to 128 letters, digits, blanks and any of _.:/=+-@, and does not start with aws:",
    isGood: (name) => /^(?!aws:)[\p{L}\p{N}_ .:/=+@-]{1,128}$/iu.test(name),
  },
);

export const USER: Kind<string> = text(
  /^\w[\w.-]*(:\w[\w.-]*)?$/,
  'a user, or a user and a group, such as "1000", "1000:1000" or "nobody"',
);

const FILE_SYSTEM = text(/^fs-[0-9a-f]+$/, "the id of a file system, such as fs-0123456789abcdef0");

const MOUNT = fields<EfsMount>("an object with fileSystem", {
  fileSystem: { kind: FILE_SYSTEM },
  accessPoint: {
    kind: optional(text(/^fsap-[0-9a-f]+$/, "the id of an access point, such as fsap-0123456789abcdef0")),
    default: null,
  },
  readOnly: { kind: SWITCH, default: false },
});

/** A file system with its options, or its id alone. */
const FILE_SYSTEM_OR_MOUNT: Kind<EfsMount> = {
  rule: `${FILE_SYSTEM.rule}, or an object with fileSystem, accessPoint and readOnly`,
  schema: { anyOf: [FILE_SYSTEM.schema, MOUNT.schema] },
  read: (given) => MOUNT.read(typeof given === "string" ? { fileSystem: given } : given),
  mistakes: (given) => (typeof given === "string" ? [] : MOUNT.mistakes!(given)),
};

/** @see https://docs.aws.amazon.com/batch/latest/userguide/efs-volumes.html */
export const EFS = byName("an object of file systems by container path", FILE_SYSTEM_OR_MOUNT, {
  rule: "an absolute path in the container outside of /proc, such as /mnt/models",
  isGood: (path) => /^(?!\/proc(\/|$))(\/(?!\.{1,2}(\/|$))[^/:\0]+)+$/.test(path),
});
