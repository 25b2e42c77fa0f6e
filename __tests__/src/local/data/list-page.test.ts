import { listPage, type PageRequest } from "../../../../src/local/data/list-page";
import { memoryStore } from "../../../../src/local/data/memory-store";

const KEYS = ["a/1", "a/2", "b.txt", "c/x/1", "c/x/2", "c/y", "d", "ä"];
const store = memoryStore(Object.fromEntries(KEYS.map((key) => [`bucket/${key}`, key])));
const FIRST: PageRequest = { prefix: "", delimiter: "", maxKeys: 1000, startAfter: "", token: null };

async function page(request: Partial<PageRequest>) {
  const { objects, commonPrefixes, next } = await listPage(store, "bucket", { ...FIRST, ...request });
  return [objects.map(({ key }) => key).join(), commonPrefixes.join(), next] as const;
}

test.each<[Partial<PageRequest>, string, string]>([
  [{}, "a/1,a/2,b.txt,c/x/1,c/x/2,c/y,d,ä", ""],
  [{ prefix: "c/" }, "c/x/1,c/x/2,c/y", ""],
  [{ delimiter: "/" }, "b.txt,d,ä", "a/,c/"],
  [{ prefix: "c/", delimiter: "/" }, "c/y", "c/x/"],
  [{ prefix: "c/x", delimiter: "/" }, "", "c/x/"],
  [{ startAfter: "c/x/1" }, "c/x/2,c/y,d,ä", ""],
  [{ startAfter: "c/x/1", delimiter: "/" }, "d,ä", "c/"],
  [{ startAfter: "z" }, "ä", ""],
  [{ maxKeys: 0 }, "", ""],
  [{ prefix: "none" }, "", ""],
])("%j lists %s and the prefixes %s", async (request, keys, prefixes) => {
  expect(await page(request)).toEqual([keys, prefixes, null]);
});

test.each([
  ["", ["a/1,a/2,b.txt", "c/x/1,c/x/2,c/y", "d,ä"]],
  ["/", ["b.txt a/,c/", "d,ä"]],
])("pages follow each other, with the delimiter '%s'", async (delimiter, expected) => {
  const pages: string[] = [];
  let token: string | null = null;
  do {
    const [keys, prefixes, next]: readonly [string, string, string | null] = await page({
      delimiter,
      maxKeys: 3,
      token,
    });
    pages.push(prefixes === "" ? keys : `${keys} ${prefixes}`);
    token = next;
  } while (token !== null);
  expect(pages).toEqual(expected);
});

test("refuses a token that it has not given", async () => {
  await expect(page({ token: "a/1" })).rejects.toMatchObject({ code: "InvalidArgument" });
});
