import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeContainersOf } from "../../../../src/local/engines/job-containers";

const FOLDER = mkdtempSync(join(tmpdir(), "job-containers-"));
afterAll(() => rmSync(FOLDER, { recursive: true }));

test.each([
  ["two containers", "printf 'c1\\nc2\\n'", 2, ["rm --force --volumes c1 c2"]],
  ["no container", ":", 0, []],
  ["an engine that does not answer", "echo broken; exit 1", 0, []],
])("of an execution with %s, all are removed", async (_, ps, removed, calls) => {
  const docker = join(FOLDER, "docker");
  const log = join(FOLDER, "calls");
  writeFileSync(log, "");
  writeFileSync(docker, `#!/bin/sh\nif [ "$1" = ps ]; then ${ps}; fi\necho "$@" >> '${log}'\n`, { mode: 0o755 });
  expect(await removeContainersOf("a b", docker)).toBe(removed);
  const asked = readFileSync(log, "utf8").trim().split("\n");
  expect(asked.filter((call) => call.startsWith("rm"))).toEqual(calls);
});
