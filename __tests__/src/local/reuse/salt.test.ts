import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processTable } from "../../../../src/base/process-identity";
import { saltOf } from "../../../../src/local/reuse/salt";
import { listRuns } from "../../../../src/local/runs/run-folder";

const folder = mkdtempSync(join(tmpdir(), "salt-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("all runs of a folder have the same random salt, which only their user can read", () => {
  const runs = join(folder, "runs");
  const salt = saltOf(runs);
  expect(salt).toMatch(/^[\w-]{43}$/);
  expect(saltOf(runs)).toBe(salt);
  expect(saltOf(join(folder, "others"))).not.toBe(salt);
  const files = readdirSync(runs);
  expect(files).toHaveLength(1);
  expect(statSync(join(runs, files[0]!)).mode & 0o777).toBe(0o600);
  expect(listRuns(runs, processTable())).toEqual([]);
});
