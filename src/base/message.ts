/** Writes all messages to the terminal: printable, and of readable length. */
import { printableMessage } from "./text";

/** Writes a message. It may contain line breaks, and the values inside it are quoted. */
export function say(stream: { write(text: string): unknown }, message: string): void {
  stream.write(`${printableMessage(message)}\n`);
}
