/** The part of AWS that the commands use. Tests give their own. */
import type { StatesDocument } from "../asl/document";
import type { BucketContents, OwnBucket } from "../aws/bucket-contents";
import type { AwsBucket } from "../aws/bucket-store";
import type { AwsClients } from "../aws/clients";
import type { EmptyingOptions } from "../aws/empty-bucket";
import type { AwsExecution, AwsExecutionStatus } from "../aws/executions";
import type { JobTask } from "../aws/job-task";
import type { WatchOptions } from "../aws/watch-execution";
import type { Clock } from "../base/clock";
import type { ExecutionStatus } from "../execution/events";
import type { Settings } from "../project/settings-types";
import type { Store } from "./data/places";

export interface Aws {
  connect(region: string): AwsClients;

  stateMachineArn(clients: AwsClients, settings: Settings): Promise<string>;
  stateMachineStatus(clients: AwsClients, stateMachineArn: string): Promise<string | null>;
  stateMachineDefinition(clients: AwsClients, stateMachineArn: string): Promise<StatesDocument>;
  executionDefinition(clients: AwsClients, executionArn: string): Promise<StatesDocument>;

  findExecution(clients: AwsClients, stateMachineArn: string, reference: string): Promise<AwsExecution>;
  listExecutions(
    clients: AwsClients,
    stateMachineArn: string,
    query: { readonly status?: AwsExecutionStatus; readonly max: number },
  ): Promise<AwsExecution[]>;
  runningExecutions(clients: AwsClients, stateMachineArn: string): Promise<AwsExecution[]>;
  watchExecution(clients: AwsClients, executionArn: string, options: WatchOptions): Promise<ExecutionStatus | null>;

  startExecution(
    clients: AwsClients,
    stateMachineArn: string,
    request: { readonly name: string; readonly input: string },
    signal?: AbortSignal,
  ): Promise<AwsExecution>;
  stopExecution(
    clients: AwsClients,
    executionArn: string,
    reason: { readonly cause: string },
    signal?: AbortSignal,
  ): Promise<void>;
  stopExecutions(
    clients: AwsClients,
    stateMachineArn: string,
    cause: string,
    session: { readonly clock: Clock; readonly stopped: (execution: AwsExecution) => void },
  ): Promise<void>;
  bucketContents(bucket: OwnBucket, signal?: AbortSignal): Promise<BucketContents | null>;
  emptyBucket(bucket: OwnBucket, options: EmptyingOptions): Promise<number>;

  bucketStore(bucket: AwsBucket, signal: AbortSignal): Promise<Store>;

  describeTask(clients: AwsClients, jobId: string): Promise<JobTask>;

  redriveExecution(clients: AwsClients, executionArn: string, signal?: AbortSignal): Promise<void>;
}

/** Loads the clients of AWS, which take a while to load. */
export async function loadAws(): Promise<Aws> {
  const parts = await Promise.all([
    import("../aws/clients"),
    import("../aws/failures"),
    import("../aws/executions"),
    import("../aws/watch-execution"),
    import("../aws/definition"),
    import("../aws/empty-bucket"),
    import("../aws/bucket-store"),
    import("../aws/job-task"),
  ]);
  return Object.assign({}, ...parts);
}
