import type { StatesDocument } from "../../../../src/asl/document";
import { collectReport, toHtml } from "../../../../src/execution/report/formats";
import * as told from "../../../events";
import { at } from "../../../events";

test("the page stays under 10 MB with ten thousand jobs and long logs", async () => {
  const document = { StartAt: "each", States: { each: { Type: "Task", End: true } } } as unknown as StatesDocument;
  const { sink, report } = collectReport(document, { place: "this machine" });
  const line = `<${"é".repeat(60)}>`;
  sink(at(0, told.executionStarted("run", {})));
  for (let index = 0; index < 10_000; index += 1) {
    const id = `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
    const exitCode = index % 2;
    sink(at(1000, told.submitted(id, "each", [index], `each-${index}`)));
    sink(at(2000, told.status(id, "RUNNING")));
    for (let count = 0; count < 20; count += 1) sink(at(2500, told.log(id, line)));
    sink(at(3000, told.attempt(id, { startedAt: 2000, stoppedAt: 3000, exitCode })));
    sink(at(3000, told.status(id, exitCode === 0 ? "SUCCEEDED" : "FAILED")));
  }
  sink(at(4000, told.executionEnded("FAILED", { error: "States.TaskFailed", cause: "why" })));
  expect(Buffer.byteLength(await toHtml(report()))).toBeLessThan(10_000_000);
});
