/** The types of the settings, after they are read and checked. */

/** A Batch job of the workflow: an image, how its container runs, and what it may do. */
export interface JobSettings {
  /** Folder of the image: the Docker build context, relative to the project. `null`: `imageUri` names a ready image. */
  readonly image: string | null;
  /** URI of a ready image, with its tag or digest. */
  readonly imageUri: string | null;
  readonly vcpus: number;
  readonly memoryMiB: number;
  /** Time-out of one attempt. Batch accepts 60 or more. */
  readonly timeoutSeconds: number;
  /** 1 to 10. Batch retries only lost hosts and starts that failed. */
  readonly attempts: number;
  /** Arguments of the image's entry point. `Ref::name` stands for a parameter. @default none: the document sets them */
  readonly command: readonly string[];
  /** Default values of the parameters. @default none */
  readonly parameters: Readonly<Record<string, string>>;
  /** Command that replaces the container if Docker is not available. @default null: the job needs Docker */
  readonly localCommand: readonly string[] | null;
  readonly environment: Readonly<Record<string, string>>;
  /** ARNs by variable: of a secret of Secrets Manager (`…:secret:name[:key:stage:version]`), or of a parameter of SSM. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Rights of the job's own role. */
  readonly statements: readonly IamStatement[];
  readonly readonlyRootFilesystem: boolean;
  /** 21 to 200, on Fargate. `null`: 20 GiB. */
  readonly ephemeralStorageGiB: number | null;
  /** On instances. */
  readonly gpus: number | null;
  /** Size of `/dev/shm`, on instances. `null`: 64 MiB. */
  readonly sharedMemoryMiB: number | null;
  /** User, or user and group: names or numbers. `null`: the image's own user. */
  readonly user: string | null;
  /** True if process 1 is an init process. It passes signals on, and reaps what the program leaves behind. */
  readonly initProcess: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** File systems of EFS by the path in the container. */
  readonly efs: Readonly<Record<string, EfsMount>>;
  /** The job's own compute, and with it its own queue. `null`: the workflow's. */
  readonly compute: readonly Compute[] | null;
  readonly architecture: Architecture | null;
  readonly instanceTypes: readonly string[] | null;
  /** True if a person may open a shell in the running job. */
  readonly exec: boolean;
}

/** A file system of EFS in a container. */
export interface EfsMount {
  /** Its id, such as `fs-0123456789abcdef0`. */
  readonly fileSystem: string;
  /** The id of an access point, such as `fsap-0123456789abcdef0`; `null` for the root folder. */
  readonly accessPoint: string | null;
  readonly readOnly: boolean;
}

/** Compute that runs jobs. */
export type Compute = "FARGATE_SPOT" | "FARGATE" | "EC2" | "SPOT";

/** Processor architecture of images and jobs. */
export type Architecture = "X86_64" | "ARM64";

/** Executions that start by the clock. */
export interface Schedule {
  /** `cron(…)`, `rate(…)` or `at(…)` of EventBridge Scheduler. */
  readonly expression: string;
  /** A name of the IANA time zone database, such as `Europe/Berlin`. */
  readonly timeZone: string;
  /** The file with the input of the executions, relative to the project. */
  readonly input: string;
}

/**
 * A statement of an IAM policy, as IAM writes it.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export interface IamStatement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, ConditionValue | readonly ConditionValue[]>>>>;
}

/** A value that a condition compares with. */
type ConditionValue = string | number | boolean;

/** All settings, checked. */
export interface Settings {
  readonly name: string;
  /** A short lower-case name, made from any text. */
  readonly environment: string;
  readonly region: string;
  readonly document: string;
  /** One to three, all on Fargate or all on instances. Batch takes the next one when one has no capacity. */
  readonly compute: readonly Compute[];
  readonly architecture: Architecture;
  /** Instance types for EC2 and SPOT. Empty: the defaults for the architecture. */
  readonly instanceTypes: readonly string[];
  readonly maxVcpus: number;
  /** `default`, `create` or the id of a VPC. */
  readonly network: string;
  /** Subnets of the VPC in `network`. */
  readonly subnets: readonly string[];
  readonly assignPublicIp: boolean;
  readonly stuckJobSeconds: number;
  readonly imageTagMutability: "MUTABLE" | "IMMUTABLE";
  readonly keptImages: number;
  readonly logRetentionDays: number;
  readonly tracing: boolean;
  /** ARN of an IAM policy. */
  readonly permissionsBoundary: string | null;
  /** E-mail addresses, and ARNs of SNS topics. */
  readonly notify: readonly string[];
  readonly schedule: Schedule | null;
  /** The start of the keys in the data bucket whose new objects start an execution. */
  readonly onObject: string | null;
  /** `none`, `create` or the name of a bucket. */
  readonly data: string;
  readonly backend: "local" | "s3" | "cloud";
  readonly stateBucket: string | null;
  readonly stateRegion: string | null;
  readonly cloudOrganization: string | null;
  readonly cloudHostname: string;
  /** Values of the document's own placeholders, by name. */
  readonly substitutions: Readonly<Record<string, string>>;
  /** Statements for the role of the state machine, beside those that follow from the document. */
  readonly statements: readonly IamStatement[];
  readonly jobs: Readonly<Record<string, JobSettings>>;
}
