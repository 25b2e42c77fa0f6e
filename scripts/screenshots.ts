/** Makes the pictures in the README from a simulated execution. Needs Chromium and ImageMagick. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { findExecutable } from "../src/base/executables";
import { createProgress } from "../src/execution/progress";
import { toHtml } from "../src/execution/report/formats";
import { PROJECT_FOLDER } from "../src/project/project-folder";
import { findChromium } from "./demo/chromium";
import { DOCUMENT, exampleEvents, exampleReport, items, OUT_OF_MEMORY, steady } from "./demo/example-run";
import { FakeClock } from "./demo/fake-clock";

/** One job of step 3 needs more memory than it has. */
const EXAMPLE = {
  input: items(14, 18),
  behaviour: (jobName: string, attempt: number) =>
    jobName === "step3-11"
      ? { seconds: 5.5, lines: ["reading", "48211 records", "sorting in memory", "Killed"], end: OUT_OF_MEMORY }
      : steady(jobName, attempt),
};

/** One second of the recording shows this many seconds of the execution, in this many frames. */
const SPEED = 4;
const FRAMES_PER_SECOND = 4;
/** The recording shows its end for this many frames. */
const LAST_FRAMES = 5 * FRAMES_PER_SECOND;
const TERMINAL = { cols: 80, rows: 24, scrollback: 0 };

async function main(): Promise<void> {
  const options = findChromium();
  if (options === null) throw new Error("no Chromium is installed: apt-get install chromium");
  if (findExecutable(["convert"], process.env.PATH) === undefined) {
    throw new Error("no ImageMagick is installed: apt-get install imagemagick");
  }
  const browser = await chromium.launch(options);
  try {
    await photographReport(browser);
    await recordTerminal(browser);
  } finally {
    await browser.close();
  }
}

async function photographReport(browser: Browser): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 1000 }, colorScheme: "light" });
  await page.setContent(await toHtml(await exampleReport(EXAMPLE)));
  await page.waitForSelector("html[data-ready]");
  // The picture ends below the diagram.
  const { y, height } = (await page.locator(".diagram").boundingBox())!;
  const clip = { x: 0, y: 0, width: 1200, height: Math.ceil(y + height) + 24 };
  await page.screenshot({ path: join(PROJECT_FOLDER, "docs/report.png"), fullPage: true, clip });
}

/** Records the progress display in a terminal. */
async function recordTerminal(browser: Browser): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1000, height: 600 } });
  await page.setContent(
    '<body style="margin: 0"><div id="terminal" style="width: max-content; padding: 12px; background: #1c1f26">',
  );
  await page.addStyleTag({ path: require.resolve("@xterm/xterm/css/xterm.css") });
  await page.addScriptTag({ path: require.resolve("@xterm/xterm") });
  await page.evaluate(
    `{
      const theme = { background: "#1c1f26", foreground: "#d7dae0", cursor: "#1c1f26" };
      window.terminal = new Terminal({ ...${JSON.stringify(TERMINAL)}, convertEol: true, fontSize: 14, theme });
      terminal.open(document.getElementById("terminal"));
    }`,
  );
  const folder = mkdtempSync(join(tmpdir(), "screenshots-"));
  try {
    const frames: string[] = [];
    for (const text of await framesOfProgress()) {
      await page.evaluate(
        `new Promise((shown) =>
          terminal.write(${JSON.stringify(text)}, () => requestAnimationFrame(() => requestAnimationFrame(shown))))`,
      );
      const path = join(folder, `${frames.length}.png`);
      await page.locator("#terminal").screenshot({ path });
      frames.push(path);
    }
    const last = Array<string>(LAST_FRAMES).fill(frames.at(-1)!);
    const options = ["-delay", `${100 / FRAMES_PER_SECOND}`, "-loop", "0"];
    const film = join(PROJECT_FOLDER, "docs/progress.gif");
    execFileSync("convert", [...options, ...frames, ...last, "-layers", "optimize", film]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Returns the output of the display for each frame, and for its end. */
async function framesOfProgress(): Promise<string[]> {
  const events = await exampleEvents(EXAMPLE);
  let written = "";
  const clock = new FakeClock(events[0]!.at);
  const terminal = {
    write: (text: string) => {
      written += text;
    },
    canRedraw: true,
    columns: () => TERMINAL.cols,
    rows: () => TERMINAL.rows,
    color: true,
  };
  const progress = createProgress(DOCUMENT, terminal, { quiet: false }, clock);
  const frames: string[] = [];
  const end = events.at(-1)!.at;
  for (let from = clock.now(), to = from; from <= end; from = to) {
    to = from + (1000 * SPEED) / FRAMES_PER_SECOND;
    for (const event of events.filter(({ at }) => from <= at && at < to)) {
      clock.advance(event.at - clock.now());
      progress.sink(event);
    }
    clock.advance(to - clock.now());
    frames.push(written);
    written = "";
  }
  return frames;
}

void main();
