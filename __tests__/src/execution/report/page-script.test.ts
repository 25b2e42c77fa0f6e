import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { pageScript } from "../../../../src/execution/report/page-script";

jest.mock("esbuild", () => ({ buildSync: jest.fn(jest.requireActual<typeof esbuild>("esbuild").buildSync) }));
const buildSync = jest.mocked(esbuild.buildSync);

const folder = mkdtempSync(join(tmpdir(), "page-script-test-"));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => buildSync.mockClear());

test("bundles the script once, and again after one of its sources changes", () => {
  const file = join(folder, "cache/page.json");
  const script = pageScript(file);
  expect(pageScript(file)).toBe(script);
  expect(buildSync).toHaveBeenCalledTimes(1);
  const cached = JSON.parse(readFileSync(file, "utf8"));
  expect(cached.inputs).toContain("package.json");
  expect(cached.inputs).toContain("src/execution/report/page/timeline-layout.ts");
  expect(cached.inputs).toContain("src/base/terminal-text.ts");
  writeFileSync(file, JSON.stringify({ ...cached, key: "other" }));
  expect(pageScript(file)).toBe(script);
  expect(buildSync).toHaveBeenCalledTimes(2);
  expect(readdirSync(join(folder, "cache"))).toEqual(["page.json"]);
});

test.each(["", "{", '{"inputs":["gone.ts"],"key":null,"script":""}'])("replaces a cache that contains %j", (text) => {
  const file = join(folder, "broken.json");
  writeFileSync(file, text);
  expect(pageScript(file).length).toBeGreaterThan(100_000);
});

test("returns the script also if the cache cannot be written", () => {
  expect(pageScript("/dev/null/page.json").length).toBeGreaterThan(100_000);
});
