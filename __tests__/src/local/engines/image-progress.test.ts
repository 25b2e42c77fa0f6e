import { buildParts, failedInstruction, pullParts } from "../../../../src/local/engines/image-progress";

test.each([
  ["Step 2/15 : RUN make all", { part: "step 2 of 15", line: "RUN make all" }],
  ["#7 [2/5] RUN make", { part: "step 2 of 5", line: "RUN make" }],
  ["#12 [build 10/12] COPY . .", { part: "step 10 of 12", line: "COPY . ." }],
  ["#7 0.532 hello", null],
  [" ---> Running in 68f04f6d3ed7", null],
])("a line of a build: %s", (line, progress) => {
  expect(buildParts()(line)).toEqual(progress);
});

test("the layers of a pull are counted", () => {
  const read = pullParts();
  const [one, two] = ["0123456789ab", "ba9876543210"];
  const lines = ["3.12: Pulling from python", `${one}: Pulling fs layer`, `${two}: Already exists`];
  expect([...lines, `${one}: Download complete`, `${one}: Pull complete`, "Digest: sha256:1"].map(read)).toEqual([
    null,
    null,
    { part: "layer 1 of 2", line: "Already exists" },
    null,
    { part: "layer 2 of 2", line: "Pull complete" },
    null,
  ]);
});

const DOCKERFILE = "# syntax\nARG A=1\nFROM busybox\n\nRUN one && \\\n# in between\n  two\nRUN three\n";

test.each([
  [["Step 1/4 : ARG A=1"], "Dockerfile:2: ARG A=1"],
  [["Step 1/4 : ARG A=1", "Step 3/4 : RUN one && two", "two: not found"], "Dockerfile:5: RUN one && \\"],
  [["Step 4/4 : RUN three"], "Dockerfile:8: RUN three"],
  [["Step 5/5 : RUN four"], null],
  [["unable to prepare context"], null],
])("a build that ends after %j failed at %s", (output, place) => {
  expect(failedInstruction(output, DOCKERFILE)).toBe(place);
});
