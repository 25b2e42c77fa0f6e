import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { findChromium } from "../../scripts/demo/chromium";
import { jobDefinition, QUEUE } from "../../scripts/demo/example-job";
import { DOCUMENT, exampleReport, items, OUT_OF_MEMORY, steady } from "../../scripts/demo/example-run";
import { systemClock } from "../../src/base/clock";
import type { Report } from "../../src/execution/report/collect";
import { collectReport, toHtml } from "../../src/execution/report/formats";
import { memoryStore } from "../../src/local/data/memory-store";
import { ProcessEngine } from "../../src/local/engines/process-engine";
import { runLocally } from "../../src/local/run";
import { PROJECT_FOLDER } from "../../src/project/project-folder";
import { at, entered, executionEnded, executionStarted, failed, log, status, submitted } from "../events";

const options = findChromium();
const inChromium = options === null ? test.skip : test;
const suffix = options === null ? " (skipped: no chromium)" : "";

const folder = mkdtempSync(join(tmpdir(), "e2e-report-"));
let browser: Browser;
const said: string[] = [];

beforeAll(async () => {
  if (options !== null) browser = await chromium.launch(options);
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  said.length = 0;
});

/** A warning, an error or a request fails the test that caused it. */
afterEach(() => {
  expect(said).toEqual([]);
});

async function open(report: Report, context: BrowserContextOptions = {}): Promise<Page> {
  const file = join(folder, `${report.name}-${report.jobs.length}.html`);
  writeFileSync(file, await toHtml(report));
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, ...context })).newPage();
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("request", (request) => {
    if (request.url() !== pathToFileURL(file).href) said.push(`request: ${request.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  await page.waitForSelector("html[data-ready]");
  return page;
}

/** One job of step 3 fails, which stops the remaining jobs. */
const failing = () =>
  exampleReport({
    input: items(12, 16),
    behaviour: (name, attempt) =>
      name === "step3-9" ? { seconds: 5, lines: ["too much"], end: OUT_OF_MEMORY } : steady(name, attempt),
  });

const shown = (page: Page) => page.locator("#shown").innerText();
const range = (page: Page) => page.locator("#timeline-range").innerText();
const firstJob = (page: Page) => page.locator("#jobs .tabulator-row button").first().innerText();
/** Compares a drawing by its pixels. */
const drawn = (page: Page) =>
  page
    .locator("#timeline canvas")
    .first()
    .evaluate((canvas: { toDataURL?: () => string }) => canvas.toDataURL!());

/** Polls from outside, because the policy of the page forbids Playwright's own polling. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error("it did not come to that within 10 s");
    await setTimeout(20);
  }
}

/** Waits for the next frame, which draws the timeline. */
const expectOther = (page: Page, drawing: string) => until(async () => (await drawn(page)) !== drawing);

describe(`in Chromium${suffix}`, () => {
  inChromium("the report of jobs that ran here shows their log", async () => {
    const { sink, report } = collectReport(DOCUMENT, { place: "this machine" });
    const signals = { stop: new AbortController().signal, force: new AbortController().signal };
    await runLocally(
      {
        stateMachine: {
          name: "echo_dev",
          arn: "arn:aws:states:::stateMachine:echo",
          roleArn: "",
          definition: DOCUMENT,
        },
        queues: [QUEUE],
        jobDefinitions: [jobDefinition()],
        images: {},
      },
      { name: "here", input: items(2, 2) },
      {
        engine: new ProcessEngine({ folder: PROJECT_FOLDER }),
        objects: memoryStore({}),
        vcpus: 2,
        clock: systemClock,
        emit: sink,
      },
      signals,
    );
    const page = await open(report());
    expect(await shown(page)).toBe("5 jobs");
    await page.getByRole("button", { name: "step2-1" }).click();
    expect(await page.getByRole("dialog", { name: "step2-1" }).locator("pre").first().innerText()).toContain(
      "sample-1",
    );
  });

  inChromium("a click on a state shows only its jobs, a second click shows all", async () => {
    const page = await open(await failing());
    expect(await shown(page)).toBe("29 jobs");
    const before = await drawn(page);
    const state = page.locator("svg [data-state=step2]");
    await state.locator("text").first().click();
    expect([await shown(page), await range(page)]).toEqual(["12 of 29 jobs", "The whole execution: 12 jobs"]);
    expect(await state.getAttribute("aria-pressed")).toBe("true");
    expect(await firstJob(page)).toBe("step2-0");
    await expectOther(page, before);
    await state.locator("text").first().click();
    expect([await shown(page), await range(page)]).toEqual(["29 jobs", "The whole execution: 29 jobs"]);
  });

  inChromium("the keyboard does the same", async () => {
    const page = await open(await failing());
    const state = page.getByRole("button", { name: /^step3_job, Task, \d+ succeeded, 1 failed/ });
    await state.focus();
    await page.keyboard.press("Enter");
    expect(await shown(page)).toBe("16 of 29 jobs");
    await page.keyboard.press("Escape");
    expect(await shown(page)).toBe("29 jobs");
    const header = page.getByRole("columnheader", { name: "Ran" });
    await header.focus();
    await page.keyboard.press("Enter");
    expect(await header.getAttribute("aria-sort")).toBe("descending");
    await page.locator("#jobs .tabulator-row button").first().focus();
    await page.keyboard.press("ArrowDown");
    const second = await page.locator("#jobs .tabulator-row button").nth(1).innerText();
    await page.keyboard.press("Enter");
    expect(await page.getByRole("dialog").getByRole("heading").first().innerText()).toBe(second);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await page.locator("#timeline").focus();
    await page.keyboard.press("+");
    await page.getByText(/^\d.* to \d.* s: \d+ jobs$/).waitFor();
    await page.keyboard.press("0");
    await page.getByText("The whole execution: 29 jobs").waitFor();
  });

  inChromium("a focused row keeps its focus while it scrolls, and a narrower window has fewer columns", async () => {
    const page = await open(await failing(), { viewport: { width: 1280, height: 200 } });
    const frames = () => page.evaluate("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn, 50)))");
    const button = page.locator("#jobs .tabulator-row button").first();
    await button.focus();
    await frames();
    expect(await button.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
    const columns = page.locator("#jobs .tabulator-col:visible");
    expect(await columns.count()).toBe(9);
    await page.setViewportSize({ width: 600, height: 200 });
    await until(async () => (await columns.count()) < 9);
  });

  inChromium("outcomes and words filter the jobs, and a column sorts both ways", async () => {
    const page = await open(await failing());
    expect(await firstJob(page)).toBe("step3-9");
    await page.getByRole("button", { name: "failed 1" }).click();
    expect(await shown(page)).toBe("1 of 29 jobs");
    await page.getByRole("button", { name: "Clear filters" }).click();
    await page.getByRole("searchbox").fill("TOO much");
    expect([await shown(page), await firstJob(page)]).toEqual(["1 of 29 jobs", "step3-9"]);
    await page.getByRole("searchbox").fill("nowhere");
    expect(await page.getByText("No job matches these filters.").count()).toBe(1);
    await page.getByRole("searchbox").fill("step2");
    await page.getByRole("columnheader", { name: "Job" }).click();
    expect(await firstJob(page)).toBe("step2-0");
    await page.getByRole("columnheader", { name: "Job" }).click();
    expect(await firstJob(page)).toBe("step2-11");
  });

  inChromium("the mouse moves and zooms the timeline, and shows facts of a bar", async () => {
    const page = await open(await failing());
    const canvas = page.locator("#timeline canvas");
    const { x, y, width } = (await canvas.boundingBox())!;
    await canvas.hover({ position: { x: 80, y: 32 } });
    const tooltip = page.locator("#timeline .tooltip");
    expect((await tooltip.innerText()).split("\n").slice(0, 2)).toEqual([
      "step1",
      "✓ succeeded, exit code 0, 1 attempt",
    ]);
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -100);
    await page.keyboard.up("Control");
    await until(async () => !(await range(page)).startsWith("The whole execution"));
    const zoomed = await range(page);
    await page.mouse.move(x + width / 2, y + 100);
    await page.mouse.down();
    await page.mouse.move(x + 20, y + 100, { steps: 5 });
    await page.mouse.up();
    await until(async () => (await range(page)) !== zoomed);
    await page.locator("#timeline .slider").scrollIntoViewIfNeeded();
    const slider = (await page.locator("#timeline .slider").boundingBox())!;
    await page.mouse.move(slider.x + slider.width - 2, slider.y + 10);
    await page.mouse.down();
    await page.mouse.move(slider.x + slider.width / 2, slider.y + 10, { steps: 5 });
    await page.mouse.up();
    await until(async () => / to 1\d\.\d s: \d+ jobs$/.test(await range(page)));
    await page.getByRole("button", { name: "All", exact: true }).click();
    await page.getByText("The whole execution: 29 jobs").waitFor();
    await canvas.click({ position: { x: 10, y: 12 } });
    expect(await shown(page)).toBe("1 of 29 jobs");
    await canvas.click({ position: { x: 80, y: 32 } });
    expect(await page.getByRole("dialog", { name: "step1" }).isVisible()).toBe(true);
  });

  inChromium("a failure links to its job", async () => {
    const page = await open(await failing());
    await page.getByRole("button", { name: "Show job step3-9" }).click();
    const dialog = page.getByRole("dialog", { name: "step3-9" });
    expect(await dialog.locator("dl").innerText()).toContain("137");
    expect(await dialog.locator("dl").innerText()).toContain("1 vCPU, 512 MiB");
    expect(await dialog.locator("pre").last().innerText()).toMatch(
      /^docker run --rm --memory 512m --cpus 1 --read-only --env LEVEL=info .*registry\/echo:tag chunk-9$/,
    );
    expect(await dialog.locator("pre").first().innerText()).toBe("too much");
  });

  inChromium(
    "dark mode has dark colours, in the diagram and the timeline too, and changes with the viewer's wish",
    async () => {
      const page = await open(await failing(), { colorScheme: "dark" });
      const colors = () =>
        page.evaluate<string[]>(
          "[['body', 'backgroundColor'], ['body', 'color'], ['[data-state=step1] > path', 'stroke']].map(([where, what]) => getComputedStyle(document.querySelector(where))[what])",
        );
      expect(await colors()).toEqual(["rgb(13, 17, 23)", "rgb(240, 246, 252)", "rgb(78, 205, 185)"]);
      const dark = await drawn(page);
      await page.emulateMedia({ colorScheme: "light" });
      expect(await colors()).toEqual(["rgb(246, 248, 250)", "rgb(31, 35, 40)", "rgb(10, 118, 107)"]);
      await expectOther(page, dark);
    },
  );

  inChromium("print has the summary, the diagram and the failed jobs, and no controls", async () => {
    const page = await open(await failing(), { colorScheme: "dark" });
    await page.emulateMedia({ media: "print" });
    const visible = (selector: string) => page.locator(selector).first().isVisible();
    expect(await Promise.all([".figures", ".drawing svg", ".paper table"].map(visible))).toEqual([true, true, true]);
    expect(await Promise.all(["#timeline", "#jobs", ".filters", ".small"].map(visible))).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(await page.locator(".paper tbody").innerText()).toContain(
      "OutOfMemoryError: Container killed due to memory usage",
    );
    expect(await page.evaluate("getComputedStyle(document.body).color")).toBe("rgb(31, 35, 40)");
    expect((await page.pdf()).length).toBeGreaterThan(10_000);
  });

  inChromium("a phone needs no horizontal scrolling", async () => {
    const page = await open(await failing(), { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    await page.locator("#jobs .tabulator-row button").first().tap();
    expect(await page.getByRole("dialog", { name: "step3-9" }).isVisible()).toBe(true);
  });

  inChromium("text from jobs and users is shown, never run", async () => {
    const evil = `<img src=x onerror="document.title='run'"></script><script>document.title='run'</script>`;
    const { sink, report } = collectReport(
      {
        StartAt: evil,
        States: { [evil]: { Type: "Task", Resource: evil, End: true } },
      },
      { place: evil },
    );
    sink(at(0, executionStarted("evil", evil)));
    sink(at(0, entered(evil)));
    sink(at(0, submitted("id", evil, [], evil)));
    sink(at(0, log("id", evil)));
    sink(at(5, status("id", "FAILED", evil)));
    sink(at(5, failed(evil, [], { error: evil, cause: evil })));
    sink(at(5, executionEnded("FAILED", { error: evil, cause: evil })));
    const page = await open(report());
    await page.locator("#jobs .tabulator-row button").click();
    expect(await page.getByRole("dialog").locator("pre").first().innerText()).toBe(evil);
    await page.keyboard.press("Escape");
    await page.locator("#timeline").hover({ position: { x: 100, y: 34 } });
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.title()).toBe("✗ evil · FAILED");
  });

  inChromium("an execution without jobs says so", async () => {
    const page = await open(await exampleReport({ name: "nothing", input: {} }));
    expect(await page.getByText("No job was submitted.").isVisible()).toBe(true);
    expect(await page.locator("[data-state=InvalidInput]").getAttribute("aria-label")).toBe(
      "InvalidInput, Fail, 1 failed",
    );
  });

  inChromium("ten thousand jobs open and filter, and the timeline draws single jobs when it is zoomed in", async () => {
    const page = await open(await exampleReport({ name: "many", input: items(9999, 0), vcpus: 32 }));
    expect([await shown(page), await range(page)]).toEqual(["10,000 jobs", "The whole execution: 10,000 jobs"]);
    expect(await page.locator("#jobs .tabulator-row").count()).toBeLessThan(100);
    for (let zooms = 0; zooms < 8; zooms += 1) await page.getByRole("button", { name: "Zoom in" }).click();
    await until(async () => /: \d\d jobs$/.test(await range(page)));
    await page.getByRole("searchbox").fill("step2-4321");
    expect([await shown(page), await firstJob(page)]).toEqual(["1 of 10,000 jobs", "step2-4321"]);
  });
});
