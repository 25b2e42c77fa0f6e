import { FakeClock } from "../../../scripts/demo/fake-clock";
import { ContainerInsights } from "../../../src/aws/container-insights";
import { type FakeExecution, fakeAws } from "./fake-aws";

const MINUTE = 60_000;

/** A line of the performance log, as the user guide of CloudWatch shows it. */
const line = (TaskId: string, minute: number, MemoryUtilized: number, CpuUtilized: number) => ({
  ...{ Version: "0", Type: "Task", TaskId, TaskDefinitionFamily: "train", ClusterName: "cluster" },
  ...{ KnownStatus: "RUNNING", Timestamp: minute * MINUTE, CpuReserved: 1024, MemoryReserved: 4096 },
  ...{ CpuUtilized, MemoryUtilized, NetworkRxBytes: 0, NetworkTxBytes: 0 },
});

function insightsAt(minute: number, performance?: FakeExecution["performance"], failing?: FakeExecution["failing"]) {
  const clock = new FakeClock(minute * MINUTE);
  const { aws, asked } = fakeAws(clock, {
    history: [],
    ...(performance && { performance }),
    ...(failing && { failing }),
  });
  const insights = new ContainerInsights({
    aws,
    clock,
    call: (_, ask) => ask({ abortSignal: new AbortController().signal }),
  });
  insights.noteStart(0);
  const usageOf = (id: string, from: number, to: number) =>
    insights.usageOf({ cluster: "cluster", id, startedAt: from * MINUTE, stoppedAt: to * MINUTE });
  return { usageOf, clock, asked };
}

test("tells the highest memory, and the CPU time from the average", async () => {
  const { usageOf, asked } = insightsAt(600, [
    ...[line("a", 1, 100, 512), line("b", 1, 2000, 2048), line("a", 2, 309.5, 1024), line("a", 3, 200, 0)],
  ]);
  // Half a vCPU for three minutes.
  expect(await usageOf("a", 0, 3)).toEqual({ peakMemoryMiB: 310, cpuSeconds: 90 });
  expect(await usageOf("b", 0, 1.5)).toEqual({ peakMemoryMiB: 2000, cpuSeconds: 180 });
  expect(asked.map(({ input }) => [input.logGroupName, input.filterPattern, input.nextToken])).toEqual([
    ["/aws/ecs/containerinsights/cluster/performance", '{ $.Type = "Task" }', undefined],
    ["/aws/ecs/containerinsights/cluster/performance", '{ $.Type = "Task" }', "2"],
  ]);
});

test("reads a long log in parts, as far as the tasks need it", async () => {
  const { usageOf, asked } = insightsAt(600, [line("a", 5, 1, 0), line("b", 25, 2, 0)]);
  expect([await usageOf("a", 0, 6), await usageOf("b", 0, 26)]).toEqual([
    { peakMemoryMiB: 1, cpuSeconds: 0 },
    { peakMemoryMiB: 2, cpuSeconds: 0 },
  ]);
  expect(asked.map(({ input }) => [Number(input.startTime) / MINUTE, Number(input.endTime) / MINUTE])).toEqual([
    [0, 10],
    [8, 20],
    [18, 30],
  ]);
});

test("jobs that ask at the same time share the reading", async () => {
  const { usageOf, asked } = insightsAt(600, [line("a", 1, 100, 0), line("b", 2, 200, 0)]);
  expect(await Promise.all([usageOf("a", 0, 3), usageOf("b", 0, 3)])).toEqual([
    { peakMemoryMiB: 100, cpuSeconds: 0 },
    { peakMemoryMiB: 200, cpuSeconds: 0 },
  ]);
  expect(asked).toHaveLength(1);
});

test("while the execution runs, it looks for new lines every 30 s at most, and takes late ones", async () => {
  const performance: ReturnType<typeof line>[] = [];
  const { usageOf, clock, asked } = insightsAt(3, performance);
  expect(await usageOf("a", 0, 3)).toBeNull();
  performance.push(line("b", 3, 7, 0));
  expect(await usageOf("b", 0, 3)).toBeNull();
  expect(asked).toHaveLength(1);
  await clock.sleep(30_000);
  expect(await usageOf("b", 0, 3)).toEqual({ peakMemoryMiB: 7, cpuSeconds: 0 });
});

test.each<[string, readonly object[] | undefined]>([
  ["a log group that does not exist yet", undefined],
  ["a task that ran for less than a minute", [line("b", 1, 100, 512)]],
  ["a line of another form", [{ Timestamp: 1, TaskId: "a", MemoryUtilized: "much" }, { Timestamp: 1 }]],
])("nothing is known with %s", async (_, performance) => {
  const { usageOf } = insightsAt(600, performance as FakeExecution["performance"]);
  expect(await usageOf("a", 0, 3)).toBeNull();
});
