import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contentHash } from "../../../src/project/content-hash";

let reversed = false;

jest.mock("node:fs", () => {
  const real = jest.requireActual<typeof import("node:fs")>("node:fs");
  const readdirSync = (...args: Parameters<typeof real.readdirSync>) => {
    const entries = real.readdirSync(...args);
    return reversed ? entries.reverse() : entries;
  };
  return { ...real, readdirSync };
});

test("the order in which the file system lists files does not matter", () => {
  const folder = mkdtempSync(join(tmpdir(), "content-hash-order-"));
  mkdirSync(join(folder, "app"));
  for (const file of ["Dockerfile", "app/run.sh", "zz"]) writeFileSync(join(folder, file), file);
  const hash = contentHash(folder, { platform: "linux/amd64" });
  reversed = true;
  expect(contentHash(folder, { platform: "linux/amd64" })).toBe(hash);
  rmSync(folder, { recursive: true });
});
