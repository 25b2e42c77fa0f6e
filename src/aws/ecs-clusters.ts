/** The clusters in which compute environments run their jobs. */
import { type ComputeEnvironmentDetail, DescribeComputeEnvironmentsCommand } from "@aws-sdk/client-batch";
import { readCompute } from "../project/job-compute";
import type { Compute } from "../project/settings-types";
import { listOf, textOf } from "./answers";
import type { AwsClients } from "./clients";
import type { DispensableCall } from "./patient-calls";

/** A compute environment that runs its jobs in a cluster of Amazon ECS. */
export interface ComputeEnvironment {
  readonly compute: Compute | null;
  /** Empty on Fargate. */
  readonly instanceTypes: readonly string[];
  /** True if Container Insights is switched on. */
  readonly hasInsights: boolean;
}

/** Reads the compute environments when a job runs in a cluster that is not known yet. Jobs that ask meanwhile share the answer. */
export class EcsClusters {
  private readonly byCluster = new Map<string, ComputeEnvironment | null>();
  private reading: Promise<void> | null = null;

  constructor(private readonly deps: { readonly aws: Pick<AwsClients, "batch">; readonly call: DispensableCall }) {}

  /** Returns the environment of a cluster, by the name of the cluster; `null` if it is not known. */
  async environmentOf(name: string): Promise<ComputeEnvironment | null> {
    if (!this.byCluster.has(name)) {
      this.reading ??= this.read().finally(() => {
        this.reading = null;
      });
      await this.reading;
    }
    // A deployment may have replaced the environment since.
    if (!this.byCluster.has(name)) this.byCluster.set(name, null);
    return this.byCluster.get(name)!;
  }

  private async read(): Promise<void> {
    let nextToken: string | undefined;
    do {
      const command = new DescribeComputeEnvironmentsCommand({ nextToken });
      const answer = await this.deps.call("it is not known on which compute the jobs run", (options) =>
        this.deps.aws.batch.send(command, options),
      );
      for (const detail of listOf(answer?.computeEnvironments)) {
        const cluster = textOf(detail.ecsClusterArn)?.split("/").at(-1);
        if (cluster !== undefined) this.byCluster.set(cluster, readEnvironment(detail));
      }
      nextToken = textOf(answer?.nextToken);
    } while (nextToken !== undefined);
  }
}

// --- internal ---

function readEnvironment({ computeResources, ecsSettings }: ComputeEnvironmentDetail): ComputeEnvironment {
  const { type, instanceTypes } = computeResources ?? {};
  return {
    compute: readCompute(type),
    instanceTypes: Array.isArray(instanceTypes) ? instanceTypes.flatMap((each) => textOf(each) ?? []) : [],
    hasInsights: ["ENABLED", "ENHANCED"].includes(ecsSettings?.containerInsights ?? ""),
  };
}
