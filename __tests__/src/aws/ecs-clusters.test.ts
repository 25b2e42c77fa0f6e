import { FakeClock } from "../../../scripts/demo/fake-clock";
import { EcsClusters } from "../../../src/aws/ecs-clusters";
import { fakeAws } from "./fake-aws";

const ENVIRONMENT = {
  computeEnvironmentName: "echo",
  ecsClusterArn: "arn:aws:ecs:eu-west-1:123456789012:cluster/echo_Batch_1",
  computeResources: { type: "SPOT", instanceTypes: ["r5.large"] },
};

function clustersWith(environments: readonly object[]) {
  const { aws, asked } = fakeAws(new FakeClock(0), { history: [], environments });
  const clusters = new EcsClusters({ aws, call: (_, ask) => ask({ abortSignal: new AbortController().signal }) });
  return { clusters, asked };
}

test("jobs that ask at the same time share one answer", async () => {
  const { clusters, asked } = clustersWith([ENVIRONMENT]);
  const both = await Promise.all([clusters.environmentOf("echo_Batch_1"), clusters.environmentOf("echo_Batch_1")]);
  expect(both[0]).toEqual({ compute: "SPOT", instanceTypes: ["r5.large"], hasInsights: false });
  expect(both[1]).toBe(both[0]);
  expect(asked).toHaveLength(1);
});

test("a cluster whose environment was replaced is looked for once", async () => {
  const { clusters, asked } = clustersWith([ENVIRONMENT]);
  expect(await clusters.environmentOf("old")).toBeNull();
  expect(await clusters.environmentOf("old")).toBeNull();
  expect(asked).toHaveLength(1);
});
