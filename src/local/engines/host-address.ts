import { runCommand } from "./docker-cli";
import type { EngineName } from "./engine";

/** A way from the jobs of an engine to a server of this machine. */
export interface HostAddress {
  /** The address that the server listens at. */
  readonly listen: string;
  /** The name or address that the jobs use. */
  readonly name: string;
  /** True if a container needs `name` in its table of hosts. */
  readonly isAdded: boolean;
}

/**
 * Returns the ways that an engine offers, the best one first. A server takes the first one whose address it can listen at: the
 * address of Docker's bridge belongs to this machine only if the engine runs here and in no virtual machine.
 *
 * @see https://docs.docker.com/reference/cli/docker/container/run/#add-host
 */
export async function hostAddresses(
  engine: EngineName,
  signal?: AbortSignal,
  docker = "docker",
): Promise<readonly HostAddress[]> {
  if (engine === "process") return [{ listen: LOOPBACK, name: LOOPBACK, isAdded: false }];
  const format = "{{range .IPAM.Config}}{{.Gateway}} {{end}}";
  const { code, lines } = await runCommand(docker, ["network", "inspect", "bridge", "--format", format], {
    ...(signal === undefined ? {} : { signal }),
    milliseconds: ANSWER_MILLISECONDS,
  });
  const gateways =
    code === 0
      ? lines
          .join(" ")
          .split(" ")
          .filter((text) => IPV4.test(text))
      : [];
  return [
    ...gateways.map((address) => ({ listen: address, name: address, isAdded: false })),
    { listen: LOOPBACK, name: "host.docker.internal", isAdded: true },
  ];
}

// --- internal ---

const LOOPBACK = "127.0.0.1";
const IPV4 = /^\d+\.\d+\.\d+\.\d+$/;
const ANSWER_MILLISECONDS = 10_000;
