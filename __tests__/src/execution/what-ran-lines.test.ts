import type { Json } from "../../../src/base/json";
import type { JobDescription } from "../../../src/execution/events";
import { whatRan } from "../../../src/execution/what-ran-lines";
import { description } from "../../events";

const linesOf = (facts: Partial<JobDescription> | null, item: Json = null) =>
  whatRan({ description: facts === null ? null : description(facts), item }).map((line) =>
    line.map(({ text }) => text).join(""),
  );

test("a failed job tells its item, image, command and size, and how to run it", () => {
  const facts = { command: ["train", "a b"], compute: "FARGATE_SPOT", vcpus: 0.25, memoryMiB: 4096 } as const;
  expect(linesOf(facts, { sample: "s3" })).toEqual([
    '    item: {"sample":"s3"}',
    "    image: registry/echo:tag",
    "    command: train 'a b'",
    "    size: 0.25 vCPUs, 4,096 MiB, FARGATE_SPOT",
    "    run it:",
    "docker run --rm --memory 4096m --cpus 0.25 registry/echo:tag train 'a b'",
  ]);
});

test("a command of several lines can be copied", () => {
  expect(linesOf({ command: ["sh", "-c", "echo 1\necho 2"] }).slice(-3)).toEqual([
    "    run it:",
    "docker run --rm --memory 2048m --cpus 1 registry/echo:tag sh -c 'echo 1",
    "echo 2'",
  ]);
});

test.each<[string, Partial<JobDescription>]>([
  ["is long", { command: ["x".repeat(2000)] }],
  ["has control characters", { environment: { COLOR: "\x1b[31m" } }],
])("a line that %s is in the report only", (_, facts) => {
  expect(linesOf(facts).at(-1)).toBe("    run it: the report has the `docker run` line: add --report FILE");
});

test("a job without an image has no line, and one of which nothing is known has only its item", () => {
  expect(linesOf({ image: "", command: ["echo"] })).toEqual(["    command: echo", "    size: 1 vCPU, 2,048 MiB"]);
  expect([linesOf(null, "s1"), linesOf(null)]).toEqual([["    item: s1"], []]);
});
