import type { Terminal } from "./session";

/**
 * Runs `act` with a signal that aborts at the first Ctrl-C. If `act` fails after that, the Ctrl-C is the reason: returns the
 * result of `interrupted`.
 */
export async function untilInterrupted<T>(
  { onInterrupt }: Pick<Terminal, "onInterrupt">,
  act: (signal: AbortSignal) => Promise<T>,
  interrupted: () => T,
): Promise<T> {
  const controller = new AbortController();
  const stopListening = onInterrupt(() => controller.abort());
  try {
    return await act(controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    return interrupted();
  } finally {
    stopListening();
  }
}
