import { UsageError } from "../../errors";
import { dockerIgnore } from "../../stacks/docker-ignore";

// As github.com/moby/patternmatcher has it.
test.each<[content: string, path: string, isSent: boolean]>([
  ["", "a", true],
  ["# a\n\n  \n", "a", true],
  ["a", "a", false],
  ["a", "a/b/c", false],
  ["a", "b/a", true],
  ["/a/", "a/b", false],
  [" a \r\nb", "a", false],
  ["\uFEFFa", "a", false],
  ["A", "a", true],
  ["*.txt", "a.txt", false],
  ["*.txt", "b/a.txt", true],
  ["**/*.txt", "b/c/a.txt", false],
  ["**/*.txt", "a.txt", false],
  ["a/**", "a/b/c", false],
  ["a/**/c", "a/c", false],
  ["a/**/c", "a/b/b/c", false],
  ["a/**/c", "a/b/bc", true],
  ["**", "a/b", false],
  ["a?c", "abc", false],
  ["a?c", "a/c", true],
  ["[a-c]x", "bx", false],
  ["[^a-c]x", "bx", true],
  ["\\*", "*", false],
  ["\\*", "a", true],
  ["a+(b)|{c}$.", "a+(b)|{c}$.", false],
  ["logs\n!logs/keep", "logs/keep", true],
  ["logs\n!logs/keep\nlogs/*", "logs/keep", false],
  ["*", "constructor", false],
])("%j against %s: %s", (content, path, isSent) => {
  expect(dockerIgnore(content, ".dockerignore")(path)).toBe(isSent);
});

test.each(["[", "[^", "[a-", "[]a]", "[z-a]", "a\\", "!"])(
  "refuses %j with file and line, as Docker does",
  (pattern) => {
    expect(() => dockerIgnore(`a\n${pattern}`, "image/.dockerignore")).toThrow(
      new UsageError(
        `image/.dockerignore, line 2 must be a pattern that Docker takes, got: ${JSON.stringify(pattern)}; close its brackets and put \\ before signs that stand for themselves`,
      ),
    );
  },
);

test("a pattern that a regular expression would try in endless ways is matched at once", () => {
  expect(dockerIgnore(`${"?*".repeat(300)}b`, "f")("a".repeat(200))).toBe(true);
});
