import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesizeAll } from "../../../../src/cli/commands/scan";
import { exampleSettings } from "../../../example";

test("scans all that the project makes, the bootstrap too", async () => {
  const folder = mkdtempSync(join(tmpdir(), "scan-test-"));
  try {
    const settings = exampleSettings();
    await synthesizeAll(settings, folder);
    const stacks = readdirSync(join(folder, "stacks"));
    expect(stacks.sort()).toEqual([`bootstrap-${settings.name}`, "image", "workflow"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
