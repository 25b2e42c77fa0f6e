import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostAddresses } from "../../../../src/local/engines/host-address";

const folder = mkdtempSync(join(tmpdir(), "workflow-host-"));
afterAll(() => rmSync(folder, { recursive: true }));

const BY_NAME = { listen: "127.0.0.1", name: "host.docker.internal", isAdded: true };

/** Returns the path of a Docker CLI that prints `output`. */
function docker(output: string, code = 0): string {
  const path = join(folder, `docker-${output.length}-${code}`);
  writeFileSync(
    path,
    `#!/bin/sh\n[ "$*" = "network inspect bridge --format {{range .IPAM.Config}}{{.Gateway}} {{end}}" ] || exit 9\necho '${output}'\nexit ${code}\n`,
  );
  chmodSync(path, 0o755);
  return path;
}

test("processes reach this machine over loopback", async () => {
  expect(await hostAddresses("process")).toEqual([{ listen: "127.0.0.1", name: "127.0.0.1", isAdded: false }]);
});

test("containers reach this machine at the address of the bridge, or by name", async () => {
  const bridge = { listen: "172.17.0.1", name: "172.17.0.1", isAdded: false };
  expect(await hostAddresses("docker", undefined, docker("172.17.0.1 fd00::1 "))).toEqual([bridge, BY_NAME]);
});

test.each([
  ["an engine without a bridge", docker("no such network", 1)],
  ["a bridge without an address", docker(" ")],
])("%s leaves the name", async (_, command) => {
  expect(await hostAddresses("docker", undefined, command)).toEqual([BY_NAME]);
});
