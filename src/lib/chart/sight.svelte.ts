import { createSubscriber } from 'svelte/reactivity';

const tab = createSubscriber((update) => {
  document.addEventListener('visibilitychange', update);
  return () => document.removeEventListener('visibilitychange', update);
});

/** Beyond the window's edges a chart is made ready for who scrolls. */
const margin = '120px 0px';

/** Whether an element is in view, or nearly, of a tab that is shown. */
export class Sight {
  #isNear = $state(false);

  get isSeen(): boolean {
    if (!this.#isNear) return false;
    tab();
    return document.visibilityState !== 'hidden';
  }

  /** Attached to the element. */
  readonly watch = (node: Element): (() => void) => {
    const observer = new IntersectionObserver((entries) => (this.#isNear = entries.at(-1)?.isIntersecting ?? false), {
      rootMargin: margin,
    });
    observer.observe(node);
    return () => observer.disconnect();
  };
}
