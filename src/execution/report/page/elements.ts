/** Builds elements from text and elements. Text never becomes markup. */
export function create<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]> = {},
  children: readonly (Node | string)[] = [],
): HTMLElementTagNameMap[Name] {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/** Returns the element with an id that the page always has. */
export function byId(id: string): HTMLElement {
  return document.getElementById(id)!;
}
