/** The settings of the project, after they are read and checked. */

/** A Batch job of the workflow: an image, and how its container runs. */
export interface JobSettings {
  /** Folder of the image: the Docker build context, relative to the project. */
  readonly image: string;
  readonly vcpus: number;
  readonly memoryMiB: number;
  /** The limit of one attempt in seconds, at least 60. */
  readonly timeoutSeconds: number;
  /** 1 to 10. Batch retries only if the host is lost. */
  readonly attempts: number;
  /** Arguments of the image's entry point, with `Ref::name` for parameters. @default none: the document sets them */
  readonly command: readonly string[];
  /** Default values of the parameters. @default none */
  readonly parameters: Readonly<Record<string, string>>;
  /** The command that replaces the container if Docker is not available. @default null: the job needs Docker */
  readonly localCommand: readonly string[] | null;
}

/** The compute on which Batch runs the jobs. */
export type Compute = "FARGATE_SPOT" | "FARGATE" | "EC2" | "SPOT";

/** All settings, checked. */
export interface Settings {
  readonly name: string;
  /** A short lower-case name, made from the given text. */
  readonly environment: string;
  readonly region: string;
  readonly document: string;
  readonly compute: Compute;
  readonly architecture: "X86_64" | "ARM64";
  /** The instance types of EC2 and SPOT. Empty: types that fit the architecture. */
  readonly instanceTypes: readonly string[];
  readonly maxVcpus: number;
  /** `default`, `create` or a VPC's id. */
  readonly network: string;
  /** The subnets of the given VPC. */
  readonly subnets: readonly string[];
  readonly assignPublicIp: boolean;
  readonly stuckJobSeconds: number;
  readonly imageTagMutability: "MUTABLE" | "IMMUTABLE";
  readonly keptImages: number;
  readonly logRetentionDays: number;
  readonly tracing: boolean;
  /** The ARN of a policy. */
  readonly permissionsBoundary: string | null;
  readonly alarms: boolean;
  readonly alarmEmail: string | null;
  readonly backend: "local" | "s3" | "cloud";
  readonly stateBucket: string | null;
  readonly stateRegion: string | null;
  readonly cloudOrganization: string | null;
  readonly cloudHostname: string;
  readonly jobs: Readonly<Record<string, JobSettings>>;
}
