/** The one way of a message to the terminal: printable, and of a length that a reader can use. */
import { printableMessage } from "./text";

/** Writes a message, whose line breaks are our own; values inside it are quoted. */
export function say(stream: { write(text: string): unknown }, message: string): void {
  stream.write(`${printableMessage(message)}\n`);
}
