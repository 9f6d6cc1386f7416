/** Creates elements. All text is in text nodes, so no value is parsed as HTML. */

export type Child = Node | string | undefined | false;
type Properties = Record<string, string | boolean | (() => void) | undefined>;

/** A property with a function as its value adds an event listener; the others are attributes. */
export function h(tag: string, properties: Properties = {}, ...children: Child[]): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

/** Replaces the children of an element. Children that are already in place are not moved. */
export function place(parent: Element, children: Element[]): void {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  children.forEach((child, index) => {
    const present = parent.children[index];
    if (present !== child) parent.insertBefore(child, present ?? null);
  });
}
