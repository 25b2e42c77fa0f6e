/** Writes messages to the terminal: printable, and short enough to read. */
import { printableMessage } from "./text";

/** Writes a message. Its line breaks must be our own: quote the values in it. */
export function say(stream: { write(text: string): unknown }, message: string): void {
  stream.write(`${printableMessage(message)}\n`);
}
