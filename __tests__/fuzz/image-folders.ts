/** Generates image folders: files, links, modes and Docker ignore files. */
import fc from "fast-check";
import { text } from "./texts";

/** One entry of a folder. */
export interface Entry {
  readonly path: string;
  readonly kind: "file" | "link" | "folder" | "large" | "pipe";
  readonly content: string;
}

export interface ImageFolder {
  readonly entries: readonly Entry[];
  /** `null` if there is no such file. */
  readonly ignore: string | null;
}

/** Names that a file system accepts: not empty, without slash and NUL, and not too long. */
const name = fc
  .oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        "a",
        "b",
        "Dockerfile",
        ".dockerignore",
        "a.txt",
        "node_modules",
        "image.sh",
        "A",
        "é",
        "e\u0301",
      ),
    },
    { weight: 2, arbitrary: text },
  )
  .map((word) => word.replaceAll(/[/\0]/g, "_").slice(0, 60))
  .filter((word) => word !== "" && word !== "." && word !== "..");

const entry: fc.Arbitrary<Entry> = fc.record<Entry>({
  path: fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/")),
  kind: fc.oneof(
    { weight: 60, arbitrary: fc.constant("file" as const) },
    { weight: 20, arbitrary: fc.constant("link" as const) },
    { weight: 10, arbitrary: fc.constant("folder" as const) },
    { weight: 4, arbitrary: fc.constant("pipe" as const) },
  ),
  content: fc.oneof(text, fc.constantFrom("", ".", "..", "/", "/etc/passwd", "a", "./a", "none")),
});

// biome-ignore format: a list
const RULES = [
  "*", "**", "!*", "!a", "a", "/a", "a/", "**/a", "a/**", "*.txt", "?", "[a-z]", "[", "[^", "[a-", "]", "\\", "\\!a", "!", "#", "# x", " a ", "\t", "..", "../a", ".", "/", "//", "a//b", "{a,b}", "+(a)", "!(a)",
  "*a*a*a*a*a*a*a*a*a*a*b", "**/**/**/**/**/**/b", "(a+)+$", "a\\", "\ufeffa", "$", "^", "a|b", "(?:", "[z-a]", "[[:alpha:]]", "**a**b**c**", "Dockerfile", ".dockerignore", "!Dockerfile",
];

const ignore = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...RULES) },
      { weight: 1, arbitrary: text },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom("*a", "**/", "?*", "!a\n", "[a]"), fc.integer({ min: 1, max: 300 }))
          .map(([piece, times]) => piece.repeat(times)),
      },
    ),
    { maxLength: 5 },
  )
  .chain((lines) => fc.constantFrom("\n", "\r\n", "\r").map((end) => lines.join(end)));

export const imageFolder: fc.Arbitrary<ImageFolder> = fc.record<ImageFolder>({
  entries: fc.oneof(
    { weight: 400, arbitrary: fc.array(entry, { maxLength: 8 }) },
    { weight: 1, arbitrary: fc.constant<Entry[]>([{ path: "large", kind: "large", content: "" }]) },
  ),
  ignore: fc.option(ignore, { freq: 4 }),
});
