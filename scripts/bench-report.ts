import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { toHtml } from "../src/execution/report/formats";
import { findChromium } from "./demo/chromium";
import { exampleReport, items } from "./demo/example-run";
import type { Ratio } from "./ratio";

/** Compares how long Chromium takes to open a report of many jobs with one of few. */
export function reportRatios(folder: string): Ratio[] {
  const options = findChromium();
  const openingTime = async (jobs: number): Promise<number> => {
    const file = join(folder, `report-${jobs}.html`);
    if (!existsSync(file)) {
      writeFileSync(file, await toHtml(await exampleReport({ input: items(jobs - 1, 0), vcpus: 32 })));
    }
    const browser = await chromium.launch(options!);
    try {
      const page = await browser.newPage();
      await page.goto(pathToFileURL(file).href);
      await page.waitForSelector("html[data-ready]");
      return await page.evaluate<number>("performance.getEntriesByName('report-ready')[0].startTime");
    } finally {
      await browser.close();
    }
  };
  return [
    {
      name: "report: Chromium opens 10,000 jobs against 100",
      goal: 3,
      rounds: 5,
      missing: options === null ? "no Chromium" : null,
      measured: () => openingTime(10_000),
      against: () => openingTime(100),
    },
  ];
}
