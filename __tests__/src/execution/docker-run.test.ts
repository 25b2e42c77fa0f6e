import { execFileSync } from "node:child_process";
import * as fc from "fast-check";
import { dockerRun, shellWord } from "../../../src/execution/docker-run";
import { description } from "../../events";

test("a job with everything", () => {
  const job = description({
    ...{ image: "registry/train:tag", command: ["train", "--name", "it's $HOME"], vcpus: 0.25, memoryMiB: 4 },
    environment: { LEVEL: "info", TOKEN: "***", TEXT: "two\nlines" },
    secrets: ["TOKEN"],
    ...{ gpus: 1, sharedMemoryMiB: 256, user: "1000:1000", readonlyRootFilesystem: true, initProcess: true },
  });
  expect(dockerRun(job)).toBe(
    "docker run --rm --memory 6m --cpus 0.25 --gpus 1 --shm-size 256m --user 1000:1000 --read-only --init" +
      " --env LEVEL=info --env TOKEN --env 'TEXT=two\nlines' registry/train:tag train --name 'it'\\''s $HOME'",
  );
});

test("a job with nothing but an image", () => {
  expect(dockerRun(description())).toBe("docker run --rm --memory 2048m --cpus 1 registry/echo:tag");
});

test("a job without an image has no line", () => {
  expect(dockerRun(description({ image: "" }))).toBeNull();
});

test.each([
  ["plain-1.2_3:/@,%+=", "plain-1.2_3:/@,%+="],
  ["", "''"],
  ["=ls", "'=ls'"],
  ["~", "'~'"],
  ["a b", "'a b'"],
  ["it's", "'it'\\''s'"],
  ["ünï", "'ünï'"],
])("the word %j is %s", (word, quoted) => {
  expect(shellWord(word)).toBe(quoted);
});

test("a shell reads every word as it was", () => {
  const word = fc.oneof(
    fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0") && Buffer.from(text).toString() === text),
    fc.constantFrom(
      "",
      "'",
      "''",
      '"',
      "$HOME",
      "$(id)",
      "`id`",
      "a\nb",
      "\n",
      "\\",
      "*",
      "!x",
      "#",
      "-n",
      "~",
      "=a",
      "é😀",
    ),
  );
  // One shell reads all words, because a shell takes longer to start than to read them.
  const words = fc.sample(word, { numRuns: 400, seed: Date.now() });
  const script = `printf '%s\\0' ${words.map(shellWord).join(" ")}`;
  const read = execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
  expect(read).toEqual(words);
});
