import { unmetSettings } from "../../../src/local/unmet-settings";
import type { JobSettings } from "../../../src/project/settings-types";
import { exampleSettings } from "../../example";

const [example] = Object.values(exampleSettings().jobs);
const PLAIN: JobSettings = { ...example!, readonlyRootFilesystem: false };
const job = (changes: Partial<JobSettings> = {}): JobSettings => ({ ...PLAIN, ...changes });

const DOCKER = { engine: "docker", hasGpus: false, actsOnAws: false } as const;
const PROCESS = { engine: "process", hasGpus: false, actsOnAws: false } as const;

test("containers apply all settings of a plain job", () => {
  expect(
    unmetSettings({ one: job({ user: "1", initProcess: true, readonlyRootFilesystem: true }) }, DOCKER),
  ).toBeNull();
});

test.each<[keyof JobSettings, Partial<JobSettings>]>([
  ["gpus", { gpus: 1 }],
  ["ephemeralStorageGiB", { ephemeralStorageGiB: 30 }],
  ["exec", { exec: true }],
  ["statements", { statements: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }] }],
])("containers do not apply %s", (field, changes) => {
  expect(unmetSettings({ one: job(changes), two: job() }, DOCKER)).toBe(
    `here, the jobs run without what these settings ask for: \`${field}\` (one)`,
  );
});

test("GPUs and rights have an effect if the machine has GPUs and the jobs have credentials", () => {
  const jobs = { one: job({ gpus: 1, statements: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }] }) };
  expect(unmetSettings(jobs, { engine: "docker", hasGpus: true, actsOnAws: true })).toBeNull();
});

test.each<[keyof JobSettings, Partial<JobSettings>]>([
  ["user", { user: "1000" }],
  ["readonlyRootFilesystem", { readonlyRootFilesystem: true }],
  ["initProcess", { initProcess: true }],
  ["sharedMemoryMiB", { sharedMemoryMiB: 128 }],
  ["efs", { efs: { "/models": { fileSystem: "fs-1", accessPoint: null, readOnly: false } } }],
])("processes do not apply %s, nor the limit of the memory", (field, changes) => {
  expect(unmetSettings({ one: job(changes), two: job() }, PROCESS)).toBe(
    `as plain processes, the jobs run without what these settings ask for: \`memoryMiB\`, \`${field}\` (one)`,
  );
});

test("names three jobs at most", () => {
  const exec = job({ exec: true });
  const line = unmetSettings({ a: exec, b: exec, c: exec, d: exec, e: job() }, DOCKER);
  expect(line).toMatch(/`exec` \(a, b, c.* 1 more\)$/);
});
