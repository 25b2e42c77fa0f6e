/** The picture of a report in the README, always of the same execution: `npm run screenshots`. */
import { join } from "node:path";
import { chromium } from "playwright-core";
import { findChromium } from "../__tests__/chromium";
import { exampleReport, items, OUT_OF_MEMORY, steady } from "../__tests__/execution/example-run";
import { toHtml } from "../execution/report";
import { PROJECT_FOLDER } from "../settings";

/** One job of step 3 needs more memory than it has. */
const EXAMPLE = {
  input: items(24, 32),
  behaviour: (jobName: string, attempt: number) =>
    jobName === "step3-21"
      ? { seconds: 5.5, lines: ["reading", "48211 records", "sorting in memory", "Killed"], end: OUT_OF_MEMORY }
      : steady(jobName, attempt),
};

async function main(): Promise<void> {
  const options = findChromium();
  if (options === null) throw new Error("no Chromium is installed: apt-get install chromium");
  const browser = await chromium.launch(options);
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 1060 }, colorScheme: "light" });
    await page.setContent(await toHtml(await exampleReport(EXAMPLE)));
    await page.waitForSelector("html[data-ready]");
    await page.screenshot({ path: join(PROJECT_FOLDER, "docs/report.png") });
  } finally {
    await browser.close();
  }
}

void main();
