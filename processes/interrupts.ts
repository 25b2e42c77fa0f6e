/** Signals that ask this process to end. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** One Ctrl-C may come twice, from the terminal and from npm, which sends it on; a person's second one comes later. */
const SAME_INTERRUPT_MS = 500;

/** Calls back at each Ctrl-C or request to end; returns what stops that. */
export function onInterrupt(interrupted: () => void, now: () => number = Date.now): () => void {
  let last = Number.NEGATIVE_INFINITY;
  const listen = () => {
    const at = now();
    if (at - last < SAME_INTERRUPT_MS) return;
    last = at;
    interrupted();
  };
  for (const signal of SIGNALS) process.on(signal, listen);
  return () => {
    for (const signal of SIGNALS) process.off(signal, listen);
  };
}
