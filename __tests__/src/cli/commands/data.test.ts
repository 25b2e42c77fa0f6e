import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { FakeClock } from "../../../../scripts/demo/fake-clock";
import type { AwsBucket } from "../../../../src/aws/bucket-store";
import { UsageError } from "../../../../src/base/errors";
import { inTemporaryFolder } from "../../../../src/base/temporary-folder";
import { run } from "../../../../src/cli/program";
import { memoryStore } from "../../../../src/local/data/memory-store";
import { CONTEXT } from "../../../example";
import { scene } from "../scene";

interface Used {
  readonly folder: string;
  /** Runs `workflow data …`. Returns the exit code and what was printed, with `FOLDER` for the folder. */
  data(...words: string[]): Promise<string>;
  /** Reads a file of the folder. */
  read(path: string): string;
  readonly buckets: AwsBucket[];
}

/** Uses a project with two objects, and a folder of the user. `objects` are those on AWS. */
function using(act: (used: Used) => Promise<void>, setting = "create", objects: Record<string, string> = {}) {
  return inTemporaryFolder("data", async (folder) => {
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    write("project/data/in/a.csv", "a,b\n");
    write("project/data/in/deep/b.csv", "b");
    write("mine/x.txt", "xxx");
    write("mine/sub/y.txt", "y");
    const buckets: AwsBucket[] = [];
    const data = async (...words: string[]) => {
      const { session, output } = scene({
        session: { projectFolder: join(folder, "project"), context: { ...CONTEXT, data: setting } },
        aws: {
          bucketStore: async (bucket) => {
            buckets.push(bucket);
            return memoryStore(objects);
          },
        },
      });
      const code = await run(["data", ...words.map((word) => word.replace("FOLDER", folder))], session);
      return `${code}: ${output.stdout}${output.stderr}`.replaceAll(folder, "FOLDER");
    };
    await act({ folder, data, read: (path) => readFileSync(join(folder, path), "utf8"), buckets });
  });
}

test("lists the objects below a prefix", () =>
  using(async ({ data }) => {
    const line = (key: string, size: number) =>
      `\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ {12}${size} ${key.replace(".", "\\.")}\\n`;
    expect(await data("ls")).toMatch(new RegExp(`^0: ${line("in/a.csv", 4)}${line("in/deep/b.csv", 1)}$`));
    expect(await data("ls", "s3:in/deep")).toMatch(new RegExp(`^0: ${line("in/deep/b.csv", 1)}$`));
    const json = JSON.parse((await data("ls", "in/a", "--json")).slice("0: ".length));
    expect(json).toEqual([{ key: "in/a.csv", size: 4, modifiedAt: expect.any(String) }]);
    expect(await data("ls", "none/")).toBe("0: ");
  }));

test("copies a file to a key, to the name of the file in a folder, and back", () =>
  using(async ({ data, read }) => {
    expect(await data("cp", "FOLDER/mine/x.txt", "s3:out/copy.txt")).toBe("0: copied 1 object, 3 bytes\n");
    expect(await data("cp", "FOLDER/mine/x.txt", "s3:out/")).toBe("0: copied 1 object, 3 bytes\n");
    expect([read("project/data/out/copy.txt"), read("project/data/out/x.txt")]).toEqual(["xxx", "xxx"]);
    await data("cp", "s3:in/a.csv", "FOLDER/mine/back.csv");
    await data("cp", "s3:in/a.csv", "FOLDER/mine");
    await data("cp", "s3:in/a.csv", "FOLDER/new/");
    expect([read("mine/back.csv"), read("mine/a.csv"), read("new/a.csv")]).toEqual(["a,b\n", "a,b\n", "a,b\n"]);
    await data("cp", "s3:in/a.csv", "s3://any-bucket/other.csv");
    expect(read("project/data/other.csv")).toBe("a,b\n");
  }));

test("copies folders with --recursive", () =>
  using(async ({ data, read }) => {
    expect(await data("cp", "FOLDER/mine", "s3:up", "--recursive")).toBe("0: copied 2 objects, 4 bytes\n");
    expect(read("project/data/up/sub/y.txt")).toBe("y");
    expect(await data("cp", "s3:in", "FOLDER/down", "--recursive")).toBe("0: copied 2 objects, 5 bytes\n");
    expect([read("down/a.csv"), read("down/deep/b.csv")]).toEqual(["a,b\n", "b"]);
  }));

test("names the links of a folder that it does not copy", () =>
  using(async ({ data, folder, read }) => {
    symlinkSync(join(folder, "project"), join(folder, "mine/folder"));
    symlinkSync(join(folder, "project/data/in/a.csv"), join(folder, "mine/outside"));
    symlinkSync(join(folder, "mine/x.txt"), join(folder, "mine/inside"));
    expect(await data("cp", "FOLDER/mine", "s3:up", "--recursive")).toBe(
      "0: left out 2 links to folders or out of FOLDER/mine: folder, outside; copy their targets by themselves\n" +
        "copied 3 objects, 7 bytes\n",
    );
    expect(read("project/data/up/inside")).toBe("xxx");
    expect(existsSync(join(folder, "project/data/up/outside"))).toBe(false);
  }));

test("deletes an object, and a folder only with --recursive", () =>
  using(async ({ data, folder }) => {
    expect(await data("rm", "in/")).toBe('2: "s3:in/" may be many objects; add `--recursive` for all of them\n');
    expect(await data("rm", "in")).toBe('2: "s3:in" may be many objects; add `--recursive` for all of them\n');
    expect(await data("rm", "s3:in/a.csv")).toBe("0: deleted 1 object\n");
    expect(await data("rm", "in", "--recursive")).toBe("0: deleted 1 object\n");
    expect(existsSync(join(folder, "project/data/in/deep/b.csv"))).toBe(false);
    expect(await data("rm", "in", "--recursive")).toBe("2: there is nothing in s3:in\n");
  }));

test.each([
  [["cp", "FOLDER/mine/none", "s3:a"], 'there is no file "FOLDER/mine/none"; write s3:KEY for an object'],
  [["cp", "FOLDER/mine", "s3:a"], '"FOLDER/mine" may be many objects; add `--recursive` for all of them'],
  [
    ["cp", "FOLDER/mine/x.txt", "s3:a", "--recursive"],
    '`--recursive` copies a folder, got the file "FOLDER/mine/x.txt"',
  ],
  [["cp", "a", "b"], 'SOURCE or TARGET must be s3:KEY, got: "a" "b"'],
  [["cp", "s3:in/a.csv"], '`workflow data cp` takes SOURCE and TARGET, got: "s3:in/a.csv"'],
  [["rm"], "`workflow data rm` takes one KEY, got: nothing"],
  [["mv", "a", "b"], 'the action must be ls, cp or rm, got: "mv"'],
  [
    ["cp", "FOLDER/mine/x.txt", "s3:../../out.txt"],
    'the key "../../out.txt" cannot be the name of a file in FOLDER/project/data/: a part of it is . or ..',
  ],
  [
    ["rm", "none"],
    "The specified key does not exist. s3://data/none is the file FOLDER/project/data/none here, and there is no such file",
  ],
])("data %j is refused", (words, message) =>
  using(async ({ data, folder }) => {
    const printed = (await data(...words)).replace(/in (\.\.\/)+[^ ]*?project/, "in FOLDER/project");
    expect(printed).toBe(`2: ${message}\n`);
    expect(existsSync(join(folder, "out.txt"))).toBe(false);
  }),
);

test("a link in the folder leads nobody out of it", () =>
  using(async ({ data, folder }) => {
    symlinkSync(join(folder, "mine"), join(folder, "project/data/link"));
    expect(await data("cp", "s3:link/x.txt", "FOLDER/stolen")).toMatch(/^2: Access Denied\. /);
    expect(await data("cp", "FOLDER/mine/x.txt", "s3:link/z.txt")).toMatch(/^2: Access Denied\. /);
    expect([existsSync(join(folder, "stolen")), existsSync(join(folder, "mine/z.txt"))]).toEqual([false, false]);
  }));

test("--aws uses the bucket of the deployment", () => {
  const objects: Record<string, string> = { "echo--dev-123456789012-euw1/out/r.json": "1" };
  return using(
    async ({ data, read, buckets }) => {
      await data("cp", "s3:out/r.json", "FOLDER/r.json", "--aws");
      expect(read("r.json")).toBe("1");
      expect(await data("cp", "FOLDER/mine", "s3:in/", "--recursive", "--aws")).toBe("0: copied 2 objects, 4 bytes\n");
      expect(objects["echo--dev-123456789012-euw1/in/sub/y.txt"]).toBe("y");
      expect(await data("rm", "out/r.json", "--aws")).toBe("0: deleted 1 object\n");
      expect(await data("ls", "s3://other/in/", "--aws")).toBe(
        '2: the data bucket of this deployment is echo--dev-123456789012-euw1, got: "s3://other/in/"; write s3:KEY for a key in it\n',
      );
      expect(buckets[0]).toEqual({
        ...{ name: "echo--dev-123456789012-euw1", region: "eu-west-1", accountId: "123456789012" },
      });
    },
    "create",
    objects,
  );
});

test("--aws refuses a key that leads out of the target", () => {
  const objects = { "echo--dev-123456789012-euw1/in/../../evil.txt": "evil" };
  return using(
    async ({ data, folder }) => {
      expect(await data("cp", "s3:in/", "FOLDER/mine/down", "--recursive", "--aws")).toMatch(
        /^2: the key "..\/..\/evil.txt" cannot be the name of a file /,
      );
      expect(existsSync(join(folder, "evil.txt"))).toBe(false);
    },
    "create",
    objects,
  );
});

test("--aws asks for nobody's ownership of a bucket that existed before", () =>
  using(async ({ data, buckets }) => {
    await data("ls", "--aws");
    expect(buckets).toEqual([{ name: "our-lake", region: "eu-west-1", accountId: null }]);
  }, "our-lake"));

test("--aws without a bucket names the setting", () =>
  using(async ({ data }) => {
    expect(await data("ls", "--aws")).toBe(
      '2: the deployment has no bucket for data: set `data` in cdktf.json to "create", or to the name of a bucket\n',
    );
  }, "none"));

test("an error of AWS ends with its explanation", async () => {
  const { session, output } = scene({
    session: { context: { ...CONTEXT, data: "create" } },
    aws: {
      bucketStore: async () => ({
        ...memoryStore({}),
        head: async () => {
          throw new UsageError("the bucket x does not exist; deploy first, or check the setting `data`");
        },
      }),
    },
  });
  expect(await run(["data", "rm", "a", "--aws"], session)).toBe(2);
  expect(output.stderr).toBe("the bucket x does not exist; deploy first, or check the setting `data`\n");
});

test("says how far a copy is, and how far it was when it failed", async () => {
  const objects = { "echo--dev-123456789012-euw1/in/a": "aaa", "echo--dev-123456789012-euw1/in/b": "b" };
  const clock = new FakeClock();
  const store = memoryStore(objects);
  await inTemporaryFolder("data", async (folder) => {
    const { session, output } = scene({
      session: { context: { ...CONTEXT, data: "create" }, clock },
      aws: {
        bucketStore: async () => ({
          ...store,
          async *get(bucket, key) {
            await clock.sleep(6000);
            if (key === "in/b") throw new UsageError("AWS cannot be reached");
            yield* store.get(bucket, key);
          },
        }),
      },
    });
    expect(await run(["data", "cp", "s3:in/", folder, "--recursive", "--aws"], session)).toBe(2);
    expect(output.stderr).toMatch(/^(copied [01] of 2 objects, 3 bytes\n)+AWS cannot be reached\n$/);
  });
});

test("names the file that cannot be written", () =>
  using(async ({ data, folder }) => {
    writeFileSync(join(folder, "file"), "");
    expect(await data("cp", "s3:in/a.csv", "FOLDER/file/a.csv")).toMatch(/^2: FOLDER.file.a\.csv: it [^:]+\n$/);
  }));

test("a Ctrl-C ends a copy and leaves no part of a file", async () => {
  const store = memoryStore({ "echo--dev-123456789012-euw1/in/a": "aaa" });
  await inTemporaryFolder("data", async (folder) => {
    const { session, output, interrupt } = scene({
      session: { context: { ...CONTEXT, data: "create" } },
      aws: {
        bucketStore: async () => ({
          ...store,
          async *get() {
            yield Buffer.from("first");
            interrupt();
            yield Buffer.from("second");
          },
        }),
      },
    });
    expect(await run(["data", "cp", "s3:in/a", join(folder, "a"), "--aws"], session)).toBe(1);
    expect(output.stderr).toBe("stopped\n");
    expect(existsSync(join(folder, "a"))).toBe(false);
  });
});
