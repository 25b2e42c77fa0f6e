/**
 * Parses text in which a delimiter separates fields, as the ItemReader of AWS does.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/example-csv-parse-dist-map.html
 */

/** The values of CSVDelimiter. */
export const CSV_DELIMITERS: Readonly<Record<string, string>> = {
  COMMA: ",",
  PIPE: "|",
  SEMICOLON: ";",
  SPACE: " ",
  TAB: "\t",
};

/** Yields the rows of a text that arrives in pieces. Leaves out empty lines. */
export async function* parseCsv(pieces: AsyncIterable<string>, delimiter: string): AsyncGenerator<string[]> {
  const parser = new CsvParser(delimiter);
  for await (const piece of pieces) yield* parser.read(piece);
  yield* parser.end();
}

/** Returns the rows as items: an object with a text for each header. Fields without a header are left out. */
export function toItem(headers: readonly string[], row: readonly string[]): { [header: string]: string } {
  return Object.fromEntries(headers.map((header, index) => [header, row[index] ?? ""]));
}

// --- internal ---

class CsvParser {
  private row: string[] = [];
  private field = "";
  private isQuoted = false;
  /** The last character, if its meaning depends on the next one: a backslash, a quotation mark or a carriage return. */
  private pending = "";
  /** The current line has a character, so it is a row. */
  private hasContent = false;

  constructor(private readonly delimiter: string) {}

  read(piece: string): string[][] {
    const rows: string[][] = [];
    for (const character of piece) {
      if (this.pending === "" ? this.take(character) : this.resolve(character)) rows.push(this.endRow());
    }
    return rows;
  }

  /** Ends the last row, which may lack its newline. */
  end(): string[][] {
    const ended = this.pending === "" ? this.hasContent : this.resolve("\n");
    return ended ? [this.endRow()] : [];
  }

  /** Takes a character. Returns whether it ends a row that is not empty. */
  private take(character: string): boolean {
    if (character === "\n" && !this.isQuoted) return this.hasContent;
    if (character === "\\" || character === '"' || (character === "\r" && !this.isQuoted)) {
      this.hasContent ||= character !== "\r";
      this.pending = character;
      return false;
    }
    this.hasContent = true;
    if (character === this.delimiter && !this.isQuoted) {
      this.row.push(this.field);
      this.field = "";
    } else {
      this.field += character;
    }
    return false;
  }

  /** Takes the character after a pending one. */
  private resolve(character: string): boolean {
    const { pending } = this;
    this.pending = "";
    if (pending === "\r") {
      if (character !== "\n") this.field += "\r";
    } else if (pending === "\\") {
      // A backslash before any other character disappears.
      if (character === "\\" || character === '"' || character === this.delimiter) {
        this.field += character;
        return false;
      }
    } else if (character === '"' && (this.isQuoted || this.field !== "")) {
      this.field += '"';
      return false;
    } else if (this.isQuoted) {
      this.isQuoted = false;
    } else if (this.field === "") {
      this.isQuoted = true;
    } else {
      this.field += '"';
    }
    return this.take(character);
  }

  private endRow(): string[] {
    const row = [...this.row, this.field];
    this.row = [];
    this.field = "";
    this.isQuoted = false;
    this.hasContent = false;
    return row;
  }
}
