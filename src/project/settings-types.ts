/** The settings of the project, after they are read and checked. */

/** A Batch job of the workflow: an image, and how its container runs. */
export interface JobSettings {
  /** Folder of the image: the Docker build context, relative to the project. */
  readonly image: string;
  readonly vcpus: number;
  readonly memoryMiB: number;
  /** Of one attempt; Batch takes 60 at least. */
  readonly timeoutSeconds: number;
  /** 1 to 10; only lost hosts are retried. */
  readonly attempts: number;
  /** Arguments of the image's entry point, `Ref::name` for parameters. @default none: the document gives them */
  readonly command: readonly string[];
  /** Defaults of the parameters that `Ref::name` stands for. @default none */
  readonly parameters: Readonly<Record<string, string>>;
  /** What runs in place of the image where there is no Docker engine. @default null: the job needs one */
  readonly localCommand: readonly string[] | null;
}

/** What Batch runs the jobs on. */
export type Compute = "FARGATE_SPOT" | "FARGATE" | "EC2" | "SPOT";

/** All settings, checked. */
export interface Settings {
  readonly name: string;
  /** A short lower-case name; made from whatever text was given. */
  readonly environment: string;
  readonly region: string;
  readonly document: string;
  readonly compute: Compute;
  readonly architecture: "X86_64" | "ARM64";
  /** Of EC2 and SPOT; none for those that fit the architecture. */
  readonly instanceTypes: readonly string[];
  readonly maxVcpus: number;
  /** `default`, `create` or a VPC's id. */
  readonly network: string;
  /** Of the given VPC. */
  readonly subnets: readonly string[];
  readonly assignPublicIp: boolean;
  readonly stuckJobSeconds: number;
  readonly imageTagMutability: "MUTABLE" | "IMMUTABLE";
  readonly keptImages: number;
  readonly logRetentionDays: number;
  readonly tracing: boolean;
  /** ARN of a policy. */
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
