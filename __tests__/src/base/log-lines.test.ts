import { LineCutter, MAX_LINE_BYTES } from "../../../src/base/log-lines";

function cut(...chunks: (string | Buffer)[]): string[] {
  const lines: string[] = [];
  const cutter = new LineCutter((line) => lines.push(line));
  for (const chunk of chunks) cutter.push(Buffer.from(chunk as string));
  cutter.end();
  return lines;
}

test("gives lines without their ends, empty ones too, however they arrive", () => {
  expect(cut("one\ntwo\r\n\nthr", "ee", "\nfour\r", "\n")).toEqual(["one", "two", "", "three", "four"]);
});

test("counts a last line that does not end", () => {
  expect(cut("one\nlast")).toEqual(["one", "last"]);
  expect(cut("one\n")).toEqual(["one"]);
});

test("puts together a character that arrives in two pieces", () => {
  const [euro] = [Buffer.from("€")];
  expect(cut(euro.subarray(0, 1), euro.subarray(1), "\n")).toEqual(["€"]);
});

test("replaces bytes that are not UTF-8", () => {
  expect(cut(Buffer.from([0x61, 0xff, 0x62, 0x0a, 0xe2, 0x82]))).toEqual(["a\ufffdb", "\ufffd"]);
});

test("cuts a line that is longer than the limit, and only that", () => {
  const full = "x".repeat(MAX_LINE_BYTES);
  expect(cut(`${full}\nshort\n`)).toEqual([full, "short"]);
  expect(cut(`${full}yz\nshort\n`)).toEqual([full, "yz", "short"]);
  expect(cut(full, full, "\n")).toEqual([full, full]);
});

test("does not cut a character in two", () => {
  const pieces = cut(`x${"€".repeat(MAX_LINE_BYTES)}\n`);
  expect(pieces.join("")).toBe(`x${"€".repeat(MAX_LINE_BYTES)}`);
  expect(pieces.every((piece) => Buffer.byteLength(piece) <= MAX_LINE_BYTES)).toBe(true);
});

test("cuts invalid bytes at the limit", () => {
  expect(cut(Buffer.alloc(MAX_LINE_BYTES + 1, 0x80))).toEqual(["\ufffd".repeat(MAX_LINE_BYTES), "\ufffd"]);
});

test("no byte of the stream is lost", () => {
  const pieces: Buffer[] = [];
  const cutter = new LineCutter((_, bytes) => pieces.push(Buffer.from(bytes)));
  const chunks = ["one\r\n\ntwo", Buffer.from([0xff, 0x0d, 0x0a, 0xe2, 0x82]), "€".repeat(9000), "\n\r", "no end"];
  const stream = Buffer.concat(chunks.map((chunk) => Buffer.from(chunk as string)));
  for (let at = 0; at < stream.length; at += 1000) cutter.push(stream.subarray(at, at + 1000));
  cutter.end();
  expect(Buffer.concat(pieces)).toEqual(stream);
});
