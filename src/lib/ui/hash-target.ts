import { holdPlace } from './hold-place.ts';

let leave: () => void = () => undefined;

/**
 * Keeps the part of the page that its address names in view while the page grows above it, as charts and results come in,
 * until the person does something. To be called after each navigation.
 */
export function keepAtHash(hash: string): void {
  leave();
  const id = readHash(hash);
  if (id === '') return;
  leave = holdPlace(
    () => document.getElementById(id),
    (element) => parseFloat(getComputedStyle(element).scrollMarginTop) || 0,
  );
}

function readHash(hash: string): string {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return '';
  }
}
