import { createRequire } from "node:module";

/** The part of node-pty that the tests use. It comes with the cdktf CLI. */
interface Pty {
  readonly spawn: (
    file: string,
    args: readonly string[],
    options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly cols: number; readonly rows: number },
  ) => {
    readonly onData: (listener: (text: string) => void) => void;
    readonly onExit: (listener: (end: { readonly exitCode: number; readonly signal?: number }) => void) => void;
    readonly write: (text: string) => void;
    readonly resize: (columns: number, rows: number) => void;
    readonly kill: (signal: string) => void;
  };
}

const CTRL_C = "\x03";

/** A command in a terminal, as a person sees it. */
export class Terminal {
  /** The output so far, without colours. */
  shown = "";
  /** The exit code. A signal gives 128 or more, as when npm ends itself after a Ctrl-C. */
  readonly ended: Promise<number>;
  private readonly process: ReturnType<Pty["spawn"]>;
  private readonly waiting = new Set<() => void>();

  constructor(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
    const pty = createRequire(require.resolve("cdktf-cli/package.json"))("@cdktf/node-pty-prebuilt-multiarch") as Pty;
    this.process = pty.spawn(command, args, { cwd, env, cols: 120, rows: 50 });
    this.process.onData((text) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: a colour begins with one
      this.shown += text.replace(/\u001b\[[\d;]*m/g, "");
      for (const look of this.waiting) look();
    });
    this.ended = new Promise((resolve) =>
      this.process.onExit(({ exitCode, signal }) => resolve(signal ? 128 + signal : exitCode)),
    );
  }

  /**
   * Waits until `text` was shown `times` times.
   * @throws Error if the command ends first
   */
  async shows(text: string, times = 1): Promise<void> {
    const seen = new Promise<void>((resolve) => {
      const look = () => {
        if (this.shown.split(text).length <= times) return;
        this.waiting.delete(look);
        resolve();
      };
      this.waiting.add(look);
      look();
    });
    const over = this.ended.then((exitCode) => {
      if (this.shown.split(text).length > times) return;
      throw new Error(`ended with ${exitCode}, and did not show ${text}:\n${this.shown}`);
    });
    await Promise.race([seen, over]);
  }

  type(line: string): void {
    this.process.write(`${line}\r`);
  }

  resize(columns: number, rows: number): void {
    this.process.resize(columns, rows);
  }

  pressCtrlC(): void {
    this.process.write(CTRL_C);
  }
}
