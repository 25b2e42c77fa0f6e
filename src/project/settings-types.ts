/** The types of the settings, after they are read and checked. */

/** A Batch job of the workflow: an image, and how its container runs. */
export interface JobSettings {
  /** Folder of the image: the Docker build context, relative to the project. */
  readonly image: string;
  readonly vcpus: number;
  readonly memoryMiB: number;
  /** Time-out of one attempt. Batch accepts 60 or more. */
  readonly timeoutSeconds: number;
  /** 1 to 10. Batch retries only lost hosts. */
  readonly attempts: number;
  /** Arguments of the image's entry point. `Ref::name` stands for a parameter. @default none: the document sets them */
  readonly command: readonly string[];
  /** Default values of the parameters. @default none */
  readonly parameters: Readonly<Record<string, string>>;
  /** Command that replaces the container if Docker is not available. @default null: the job needs Docker */
  readonly localCommand: readonly string[] | null;
}

/** The compute that runs the jobs. */
export type Compute = "FARGATE_SPOT" | "FARGATE" | "EC2" | "SPOT";

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
  readonly compute: Compute;
  readonly architecture: "X86_64" | "ARM64";
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
  readonly alarms: boolean;
  readonly alarmEmail: string | null;
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
