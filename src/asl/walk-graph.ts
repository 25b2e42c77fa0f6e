/**
 * Walks a graph depth-first. Enters each name once, before its successors, and leaves it after them. Uses no recursion: a long
 * chain of states would overflow the stack.
 */
export function walkGraph(
  start: string,
  next: (name: string) => readonly string[],
  visitor: { readonly enter?: (name: string) => void; readonly leave?: (name: string) => void },
): void {
  const seen = new Set<string>();
  const path: { readonly name: string; readonly next: readonly string[]; at: number }[] = [];
  const enter = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    visitor.enter?.(name);
    path.push({ name, next: next(name), at: 0 });
  };
  enter(start);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const to = top.next[top.at++];
    if (to !== undefined) enter(to);
    else {
      path.pop();
      visitor.leave?.(top.name);
    }
  }
}
