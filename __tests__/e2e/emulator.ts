import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { testEnvironment } from "./environment";

/**
 * A relay in front of the AWS emulator, which passes every call on. A test learns each registry password from it, can make
 * it give out wrong passwords, can hold a call while it kills the caller, and can change answers.
 */
export class Emulator {
  /** The registry passwords that the emulator gave out. */
  readonly passwords: string[] = [];
  /** Makes the relay give out wrong registry passwords. */
  wrongPasswords = false;
  private readonly changes = new Map<string, (answer: never) => object>();
  private held: { action: string; arrived: () => void } | null = null;
  private unanswered: ServerResponse | null = null;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((incoming, answer) => this.pass(incoming, answer));
  }

  static async start(): Promise<Emulator> {
    const emulator = new Emulator();
    await new Promise<void>((resolve) => emulator.server.listen(0, "127.0.0.1", resolve));
    return emulator;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Holds the next call of `action`, such as `CreateStateMachine`, without an answer. Resolves when the call arrives. */
  hold(action: string): Promise<void> {
    return new Promise((arrived) => {
      this.held = { action, arrived };
    });
  }

  /** Changes the answers to all calls of `action`, such as `describejobs`. An answer that is no JSON is given as `{}`. */
  change<Answer>(action: string, change: (answer: Answer) => object): void {
    this.changes.set(action, change);
  }

  /** Breaks the held call off. Its caller may try again. */
  release(): void {
    this.unanswered?.destroy();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private pass(incoming: IncomingMessage, answer: ServerResponse): void {
    const action = String(incoming.headers["x-amz-target"] ?? incoming.url);
    if (this.held !== null && action.endsWith(this.held.action)) {
      this.unanswered = answer;
      this.held.arrived();
      this.held = null;
      return;
    }
    const outgoing = request(
      new URL(incoming.url!, testEnvironment().AWS_ENDPOINT_URL),
      { method: incoming.method!, headers: incoming.headers },
      (response) => {
        const change = [...this.changes].find(([name]) => action.endsWith(name))?.[1];
        if (change !== undefined) {
          void giveChanged(response, answer, change);
        } else if (action.endsWith("GetAuthorizationToken")) {
          this.giveToken(response, answer);
        } else {
          answer.writeHead(response.statusCode!, response.rawHeaders);
          response.pipe(answer);
        }
      },
    );
    outgoing.on("error", () => answer.destroy());
    incoming.pipe(outgoing);
  }

  private async giveToken(response: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = JSON.parse(Buffer.concat(await response.toArray()).toString()) as {
      authorizationData: { authorizationToken: string }[];
    };
    for (const data of body.authorizationData) {
      // A wrong password has the right form and the wrong content.
      const token = Buffer.from(data.authorizationToken, "base64").toString();
      const given = this.wrongPasswords ? `AWS:${Buffer.from('{"payload":"wrong"}').toString("base64")}` : token;
      data.authorizationToken = Buffer.from(given).toString("base64");
      this.passwords.push(given.slice("AWS:".length));
    }
    const { "content-length": _, ...headers } = response.headers;
    answer.writeHead(response.statusCode!, headers).end(JSON.stringify(body));
  }
}

async function giveChanged(
  response: IncomingMessage,
  answer: ServerResponse,
  change: (answer: never) => object,
): Promise<void> {
  const body = Buffer.concat(await response.toArray()).toString();
  const isJson = body.startsWith("{");
  answer.writeHead(200, { "content-type": "application/json" });
  answer.end(JSON.stringify(change((isJson ? JSON.parse(body) : {}) as never)));
}
