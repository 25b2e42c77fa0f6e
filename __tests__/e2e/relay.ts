import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { testEnvironment } from "./environment";

/** A relay between a command and the emulator. It can go away and come back at the same address. */
export class Relay {
  private server: Server | null = null;
  private port = 0;
  private readonly sockets = new Set<Socket>();

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async open(): Promise<void> {
    const { hostname, port } = new URL(testEnvironment().AWS_ENDPOINT_URL!);
    const server = createServer((from) => {
      const to = connect(Number(port), hostname);
      for (const [one, other] of [
        [from, to],
        [to, from],
      ] as const) {
        this.sockets.add(one);
        one.pipe(other);
        // A connection that breaks on one side also breaks on the other.
        one
          .on("error", () => {})
          .on("close", () => {
            this.sockets.delete(one);
            other.destroy();
          });
      }
    });
    await new Promise<void>((resolve) => server.listen(this.port, "127.0.0.1", resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server?.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}
