/** The pictures in the README, always of the same execution: `npm run screenshots`. */
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { findChromium } from "../__tests__/chromium";
import {
  DOCUMENT,
  exampleEvents,
  exampleReport,
  items,
  OUT_OF_MEMORY,
  steady,
} from "../__tests__/execution/example-run";
import { createProgress } from "../execution/progress";
import { toHtml } from "../execution/report";
import { PROJECT_FOLDER } from "../settings";

/** One job of step 3 needs more memory than it has. */
const EXAMPLE = {
  input: items(14, 18),
  behaviour: (jobName: string, attempt: number) =>
    jobName === "step3-11"
      ? { seconds: 5.5, lines: ["reading", "48211 records", "sorting in memory", "Killed"], end: OUT_OF_MEMORY }
      : steady(jobName, attempt),
};

/** When the terminal is looked at: some jobs of step 3 have ended, others run, one is tried again. */
const SECONDS_IN = 24;
const TERMINAL = { cols: 80, rows: 24, scrollback: 0 };

async function main(): Promise<void> {
  const options = findChromium();
  if (options === null) throw new Error("no Chromium is installed: apt-get install chromium");
  const browser = await chromium.launch(options);
  try {
    await photographReport(browser);
    await photographTerminal(browser);
  } finally {
    await browser.close();
  }
}

async function photographReport(browser: Browser): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 1000 }, colorScheme: "light" });
  await page.setContent(await toHtml(await exampleReport(EXAMPLE)));
  await page.waitForSelector("html[data-ready]");
  // As far down as the diagram goes.
  const { y, height } = (await page.locator(".diagram").boundingBox())!;
  const clip = { x: 0, y: 0, width: 1200, height: Math.ceil(y + height) + 24 };
  await page.screenshot({ path: join(PROJECT_FOLDER, "docs/report.png"), fullPage: true, clip });
}

/** What the display writes, in a terminal that shows it. */
async function photographTerminal(browser: Browser): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1000, height: 600 } });
  await page.setContent(
    '<body style="margin: 0"><div id="terminal" style="width: max-content; padding: 12px; background: #1c1f26">',
  );
  await page.addStyleTag({ path: require.resolve("@xterm/xterm/css/xterm.css") });
  await page.addScriptTag({ path: require.resolve("@xterm/xterm") });
  const written = await progressUntil(SECONDS_IN);
  await page.evaluate(
    `new Promise((shown) => {
      const theme = { background: "#1c1f26", foreground: "#d7dae0", cursor: "#1c1f26" };
      const terminal = new Terminal({ ...${JSON.stringify(TERMINAL)}, convertEol: true, fontSize: 14, theme });
      terminal.open(document.getElementById("terminal"));
      terminal.write(${JSON.stringify(written)}, () => requestAnimationFrame(() => requestAnimationFrame(shown)));
    })`,
  );
  await page.locator("#terminal").screenshot({ path: join(PROJECT_FOLDER, "docs/progress.png") });
}

/** What the display has written when so much of the execution has passed. */
async function progressUntil(seconds: number): Promise<string> {
  const events = await exampleEvents(EXAMPLE);
  let written = "";
  let now = events[0]!.at;
  let redraw = () => {};
  const until = now + seconds * 1000;
  const terminal = {
    write: (text: string) => {
      written += text;
    },
    isTTY: true,
    columns: () => TERMINAL.cols,
    rows: () => TERMINAL.rows,
    color: true,
  };
  const every = (_: number, callback: () => void) => {
    redraw = callback;
    return () => {};
  };
  const progress = createProgress(DOCUMENT, terminal, { quiet: false }, { now: () => now, every });
  for (const event of events.filter(({ at }) => at <= until)) {
    now = event.at;
    progress.sink(event);
  }
  now = until;
  redraw();
  return written;
}

void main();
