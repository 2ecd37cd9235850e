/** Ms until the page is taken to have grown to its size. */
const patience = 15_000;
const touches = ['wheel', 'touchstart', 'keydown', 'pointerdown'] as const;

let leave: (() => void) | null = null;

/**
 * Keeps the part of the page that its address names in view while the page grows above it, as charts and results come in:
 * until the person does something, or the page has had its time. To be called after each navigation.
 */
export function keepAtHash(hash: string): void {
  leave?.();
  const id = readHash(hash);
  if (id === '') return;
  const bring = () => document.getElementById(id)?.scrollIntoView({ block: 'start' });
  const growth = new ResizeObserver(bring);
  growth.observe(document.body);
  const timer = setTimeout(stop, patience);
  for (const touch of touches) window.addEventListener(touch, stop, { passive: true });
  leave = stop;
  bring();

  function stop(): void {
    leave = null;
    growth.disconnect();
    clearTimeout(timer);
    for (const touch of touches) window.removeEventListener(touch, stop);
  }
}

function readHash(hash: string): string {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return '';
  }
}
