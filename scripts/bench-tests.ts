import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Ratio } from "./ratio";

const CASES = 100;
const YEAR_SECONDS = 365 * 24 * 3600;

/** Compares 100 cases of the shipped document with one, and a year of waits with none. `folder` gets the documents. */
export function testRatios(folder: string, processorTimeOf: (command: string) => Promise<number>): Ratio[] {
  const shipped = JSON.parse(readFileSync("workflow/echo.test.json", "utf8")) as { cases: { name: string }[] };
  const document = (name: string, write: (path: string) => void, cases: readonly object[]): string => {
    const path = join(folder, `${name}.asl.json`);
    write(path);
    writeFileSync(join(folder, `${name}.test.json`), JSON.stringify({ cases }));
    return `node bin/workflow.js test ${path}`;
  };
  const echo = (count: number) => {
    const { cases } = shipped;
    const repeated = Array.from({ length: count }, (_, index) => ({
      ...cases[index % cases.length]!,
      name: `case ${index}`,
      inputFile: join(process.cwd(), "workflow/echo.input.json"),
    }));
    const own = repeated.map((one) => ("input" in one ? { ...one, inputFile: undefined } : one));
    return document(`echo-${count}`, (path) => copyFileSync("workflow/echo.asl.json", path), own);
  };
  const waits = (seconds: number) => {
    const wait = { Type: "Wait", Seconds: Math.ceil(seconds / 12) };
    const states = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`Wait${index}`, { ...wait, Next: `Wait${index + 1}` }]),
    );
    const content = { StartAt: "Wait0", States: { ...states, Wait12: { Type: "Succeed" } } };
    return document(`wait-${seconds}`, (path) => writeFileSync(path, JSON.stringify(content)), [{ name: "waits" }]);
  };
  return [
    {
      name: `test: processor time of ${CASES} cases of the shipped document against 1`,
      goal: 4,
      rounds: 5,
      measured: () => processorTimeOf(echo(CASES)),
      against: () => processorTimeOf(echo(1)),
    },
    {
      name: "test: processor time of a case with a year of waits against one without",
      goal: 1.15,
      rounds: 9,
      measured: () => processorTimeOf(waits(YEAR_SECONDS)),
      against: () => processorTimeOf(waits(12)),
    },
  ];
}
