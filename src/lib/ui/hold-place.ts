/**
 * Keeps an element `top` pixels below the window's upper edge while the page around it grows, until the person moves it or
 * does something else. It may come late: it is looked for whenever the page has grown. @returns what ends that
 */
export function holdPlace(find: () => HTMLElement | null, top: (element: HTMLElement) => number): () => void {
  const { style } = document.documentElement;
  // The browser would move the page too, and for a person who scrolls.
  style.overflowAnchor = 'none';
  let set = scrollY;
  const place = () => {
    const element = find();
    if (element === null) return;
    const off = element.getBoundingClientRect().top - top(element);
    if (Math.abs(off) >= 1) scrollBy({ top: off, behavior: 'instant' });
    set = scrollY;
  };
  const observer = new ResizeObserver(place);
  const stop = new AbortController();
  const end = () => {
    observer.disconnect();
    stop.abort();
    style.overflowAnchor = '';
  };
  const options = { signal: stop.signal, passive: true };
  for (const kind of ['wheel', 'touchstart', 'pointerdown', 'keydown']) addEventListener(kind, end, options);
  // A scroll bar is none of these.
  addEventListener('scroll', () => Math.abs(scrollY - set) > 2 && end(), options);
  place();
  observer.observe(document.body);
  return end;
}
