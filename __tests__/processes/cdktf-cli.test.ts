import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startNode } from "../../processes/cdktf-cli";

describe("a started program", () => {
  test("gives its exit code", async () => {
    expect(await startNode(["-e", "process.exit(3)"], process.env).ended).toBe(3);
  });

  test("that a signal ends gives 128 and its number", async () => {
    expect(await startNode(["-e", "process.kill(process.pid, 'SIGKILL')"], process.env).ended).toBe(137);
  });

  test("is interrupted after what it has started", async () => {
    const folder = mkdtempSync(join(tmpdir(), "lifecycle-test-"));
    const socket = join(folder, "socket");
    const started = `
      process.on("SIGINT", () => process.exit());
      require("node:net").connect(process.argv[1]);`;
    const program = `
      let left = 1;
      process.on("SIGINT", () => process.exit(left === 0 ? 5 : 6));
      require("node:child_process").spawn(process.execPath, process.argv.slice(1)).on("exit", () => { left = 0; });
      setInterval(() => {}, 1000);`;
    const server = createServer();
    try {
      await new Promise<void>((listening) => server.listen(socket, listening));
      const ready = new Promise((connected) => server.once("connection", connected));
      const running = startNode(["-e", program, "--", "-e", started, "--", socket], process.env);
      const connection = (await ready) as Socket;
      running.interrupt();
      expect(await running.ended).toBe(5);
      connection.destroy();
    } finally {
      server.close();
      rmSync(folder, { recursive: true });
    }
  });
});
