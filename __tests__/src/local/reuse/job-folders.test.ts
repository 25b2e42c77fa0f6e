import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { NO_ADDITIONS } from "../../../../src/local/batch/job-additions";
import { dataFolder } from "../../../../src/local/data/data-folder";
import { dataFiles, mountedFolders } from "../../../../src/local/reuse/job-folders";
import type { StoredObject } from "../../../../src/local/reuse/stored-results";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "job-folders-"));
  write("a/in.csv", "1");
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, content: string): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** Each content was there before. */
const CHANGES: Readonly<Record<string, () => void>> = {
  "a file with other content": () => write("a/in.csv", "10"),
  "a file with another time": () => utimesSync(join(folder, "a/in.csv"), 1, 1),
  "a new file": () => write("a/deep/new", ""),
  "a file that is gone": () => rmSync(join(folder, "a/in.csv")),
};

describe("the folders of a container", () => {
  const mountOf = (host: string) => ({ host: join(folder, host), container: "/in", readOnly: false });
  const contentOf = (efs: readonly string[], mounts: readonly string[]) =>
    mountedFolders({ ...NO_ADDITIONS, mounts: mounts.map((host) => ({ ...mountOf(host), container: `/${host}` })) })(
      { mounts: efs.map(mountOf) },
      "after",
    );

  test.each(Object.entries(CHANGES))("differ with %s, in the folder of a file system or of --mount", (_, change) => {
    const contents = () => [contentOf(["a"], []), contentOf([], ["a"])];
    const before = contents();
    expect(contents()).toEqual(before);
    change();
    const after = contents();
    expect(after.map((content, index) => content === before[index])).toEqual([false, false]);
  });

  test("are the same after a change elsewhere", () => {
    const before = contentOf([], ["a"]);
    write("b/in.csv", "2");
    expect(contentOf([], ["a"])).toBe(before);
  });

  test("are not known with a link, or with too many files", () => {
    symlinkSync(join(folder, "a"), join(folder, "link"));
    mkdirSync(join(folder, "linked"));
    symlinkSync("../a", join(folder, "linked/a"));
    // The link of the user itself is followed.
    expect([contentOf([], ["link"]), contentOf([], ["linked"])]).toEqual([contentOf([], ["a"]), null]);
    for (let index = 0; index < 1000; index += 1) write(`many/${index}`, "");
    expect(contentOf([], ["many"])).not.toBeNull();
    write("many/more", "");
    expect(contentOf([], ["many"])).toBeNull();
  });
});

describe("the folder data/ of a process", () => {
  const noFile = { add: () => {} };
  const open = (earlier: readonly StoredObject[] = [], file = noFile as Parameters<typeof dataFiles>[2]) => {
    const objects = dataFolder(folder);
    const foldersOf = dataFiles(objects, earlier, file);
    return { objects, content: () => foldersOf({ mounts: [] }, "after") };
  };

  test.each(Object.entries(CHANGES))("differs with %s", (_, change) => {
    const { content } = open();
    const before = content();
    expect(content()).toBe(before);
    change();
    expect(content()).not.toBe(before);
  });

  test("is the same with a file that was written through S3, now and in later runs, until that file changes otherwise", async () => {
    const stored: StoredObject[] = [];
    const { objects, content } = open([], { add: (entry) => "object" in entry && stored.push(entry.object) });
    const before = content();
    await objects.put("b", "out/result", [Buffer.from("x")] as never);
    expect(content()).toBe(before);
    expect(open(stored).content()).toBe(before);
    expect(open().content()).not.toBe(before);
    utimesSync(join(folder, "out/result"), 1, 1);
    expect(open(stored).content()).not.toBe(before);
  });
});
