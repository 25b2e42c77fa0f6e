import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { dataFolder } from "../../../../src/local/data/data-folder";
import { all } from "../../../../src/local/data/memory-store";

const scratch = mkdtempSync(join(tmpdir(), "workflow-data-"));
const folder = join(scratch, "data");
const store = dataFolder(folder);

beforeAll(() => {
  for (const path of ["in/deep", "in.d", "links"]) mkdirSync(join(folder, path), { recursive: true });
  for (const path of ["in/b.csv", "in/deep/a.csv", "in.csv", "in.d/x", "ö/€".replace("/", "-")]) {
    writeFileSync(join(folder, path), path);
  }
  writeFileSync(join(scratch, "outside"), "secret");
  mkdirSync(join(scratch, "elsewhere"));
  writeFileSync(join(scratch, "elsewhere", "file"), "secret");
  symlinkSync(join(scratch, "outside"), join(folder, "links", "file"));
  symlinkSync(join(scratch, "elsewhere"), join(folder, "links", "folder"));
  symlinkSync(join(folder, "in.csv"), join(folder, "links", "inside"));
  symlinkSync(join(folder, "nothing"), join(folder, "links", "broken"));
  execFileSync("mkfifo", [join(folder, "links", "pipe")]);
});

afterAll(() => rmSync(scratch, { recursive: true }));

async function* pieces(...texts: string[]) {
  yield* texts;
}

const keysBelow = async (prefix: string) => (await all(store.list("any", prefix))).map(({ key }) => key);
const textOf = async (key: string) => Buffer.concat(await all(store.get("any", key))).toString();

test("lists the files of the folder in the order of S3, without links that lead out of it", async () => {
  expect(await keysBelow("")).toEqual([...["in.csv", "in.d/x", "in/b.csv", "in/deep/a.csv", "links/inside", "ö-€"]]);
});

test.each([
  ["in", ["in.csv", "in.d/x", "in/b.csv", "in/deep/a.csv"]],
  ["in/", ["in/b.csv", "in/deep/a.csv"]],
  ["in/d", ["in/deep/a.csv"]],
  ["in/deep/a.csv", ["in/deep/a.csv"]],
  ["nothing/here", []],
  ["../", []],
  ["links/folder/", []],
  ["in.csv/", []],
])("lists the files with the prefix %s", async (prefix, keys) => {
  expect(await keysBelow(prefix)).toEqual(keys);
});

test("describes a file as S3 describes an object", async () => {
  const [object] = await all(store.list("any", "in.d/x"));
  expect(object).toEqual({
    key: "in.d/x",
    size: 6,
    modifiedAt: expect.any(Number),
    etag: '"9dc70dcea316ab6bb0ce71b1e9d26818"',
  });
});

test("a folder that does not exist has no objects", async () => {
  expect(await all(dataFolder(join(scratch, "no")).list("any", ""))).toEqual([]);
});

test("gives the content of a file", async () => {
  expect(await textOf("in/b.csv")).toBe("in/b.csv");
  expect(await textOf("links/inside")).toBe("in.csv");
});

test("names the file that is missing", async () => {
  await expect(textOf("in/no.csv")).rejects.toMatchObject({
    code: "NoSuchKey",
    message: `The specified key does not exist. s3://any/in/no.csv is the file ${join(folder, "in/no.csv")} here, and there is no such file`,
  });
});

test.each(["in", "links/pipe"])("%s is no object", async (key) => {
  await expect(textOf(key)).rejects.toMatchObject({
    code: "NoSuchKey",
    message: expect.stringMatching(/it is no file$/),
  });
  expect(await keysBelow(key)).not.toContain(key);
});

test("does not overwrite a folder", async () => {
  await expect(store.put("any", "in", pieces("x"))).rejects.toMatchObject({
    code: "InvalidKey",
    message: `s3://any/in is the file ${join(folder, "in")} here: it is a folder`,
  });
  expect(await keysBelow("in/deep/")).toEqual(["in/deep/a.csv"]);
});

test.each([
  "../outside",
  "in/../../outside",
  "/etc/passwd",
  "in//b.csv",
  "./in.csv",
  "in//",
  "",
  "a\0b",
  `in/${"ü".repeat(128)}`,
  ".workflow-unfinished/x",
])("refuses the key %j", async (key) => {
  await expect(store.put("any", key, pieces(""))).rejects.toMatchObject({
    code: "InvalidKey",
    message: expect.stringContaining("cannot be the name of a file in"),
  });
  await expect(textOf(key)).rejects.toMatchObject({ code: "NoSuchKey" });
  await store.delete("any", key);
});

test.each(["links/file", "links/folder/file"])("does not read %s, which leads out of the folder", async (key) => {
  await expect(textOf(key)).rejects.toMatchObject({
    code: "AccessDenied",
    message: `Access Denied. s3://any/${key} is the file ${join(folder, key)} here, and it leads out of ${folder}`,
  });
});

test("does not write through a link that leads out of the folder", async () => {
  for (const key of ["links/folder/new", "links/folder/deep/new"]) {
    await expect(store.put("any", key, pieces("x"))).rejects.toMatchObject({ code: "AccessDenied" });
  }
  expect(readdirSync(join(scratch, "elsewhere"))).toEqual(["file"]);
  // The link itself is replaced.
  await store.put("any", "links/file", pieces("mine"));
  expect([readFileSync(join(scratch, "outside"), "utf8"), await textOf("links/file")]).toEqual(["secret", "mine"]);
});

test("stores an object, and describes it", async () => {
  const stored = await store.put("any", "out/new/ü.json", pieces("[1,", '"ü"]'));
  expect(stored).toMatchObject({ key: "out/new/ü.json", size: 8 });
  expect(await store.head("any", "out/new/ü.json")).toEqual(stored);
  expect(await textOf("out/new/ü.json")).toBe('[1,"ü"]');
});

test("gives a part of an object", async () => {
  expect(Buffer.concat(await all(store.get("any", "in/b.csv", { start: 3, end: 5 }))).toString()).toBe("b.c");
});

test("deletes an object, also one that is not there", async () => {
  await store.put("any", "gone", pieces("x"));
  await store.delete("any", "gone");
  await store.delete("any", "gone");
  await expect(store.head("any", "gone")).rejects.toMatchObject({ code: "NoSuchKey" });
});

test("an object whose content breaks off is not stored, and leaves nothing behind", async () => {
  async function* broken() {
    yield "half";
    expect(await keysBelow("broken")).toEqual([]);
    throw new Error("stopped");
  }
  await expect(store.put("any", "broken/x", broken())).rejects.toThrow("stopped");
  const unfinished = join(folder, ".workflow-unfinished");
  expect(readdirSync(unfinished).flatMap((owner) => readdirSync(join(unfinished, owner)))).toEqual([]);
  expect(existsSync(join(folder, "broken"))).toBe(false);
});

test("many writes at once make the folders that they share", async () => {
  const keys = Array.from({ length: 40 }, (_, index) => `shared/${index % 4}/${"deep/".repeat(index % 3)}${index}`);
  const written = await Promise.allSettled(keys.map((key) => store.put("any", key, pieces(key))));
  expect(written.flatMap((one) => (one.status === "rejected" ? [one.reason.message] : []))).toEqual([]);
  expect(await keysBelow("shared/")).toHaveLength(40);
});

test("each of many writers of one key gets the ETag of its own content, also if another deletes it", async () => {
  const contents = Array.from({ length: 30 }, (_, index) => `content ${index}`);
  const etags = contents.map(async (content) => (await store.put("any", "contended", Readable.from([content]))).etag);
  const deleted = contents.map(() => store.delete("any", "contended"));
  const expected = contents.map((content) => `"${createHash("md5").update(content).digest("hex")}"`);
  expect(await Promise.all(etags)).toEqual(expected);
  await Promise.all(deleted);
});
