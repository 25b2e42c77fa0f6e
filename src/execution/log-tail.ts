/** The characters that are kept of each log. One line says how many earlier lines are left out. */
export const LOG_CHARACTERS = 8192;

/** Keeps the last lines of a log, so that long logs take little memory. On AWS, lines also arrive after the end of the job. */
export class LogTail {
  private lines: string[] = [];
  private most = LOG_CHARACTERS;
  private characters = 0;
  private leftOut = 0;

  add(line: string): void {
    this.lines.push(line);
    this.characters += line.length + 1;
    this.trim();
  }

  /** Lowers the limit to `characters`. */
  shrink(characters: number): void {
    this.most = characters;
    this.trim();
  }

  toString(): string {
    const note = this.leftOut > 0 ? [`(${this.leftOut} earlier lines left out)`] : [];
    return [...note, ...this.lines].map((line) => `${line}\n`).join("");
  }

  private trim(): void {
    while (this.characters > this.most && this.lines.length > 1) {
      this.characters -= this.lines.shift()!.length + 1;
      this.leftOut += 1;
    }
    const only = this.lines[0];
    if (this.characters <= this.most || only === undefined) return;
    // This makes a copy. A slice would keep the whole string in memory.
    this.lines = [Buffer.from(`…${only.slice(-this.most)}`).toString()];
    this.characters = this.most;
  }
}
