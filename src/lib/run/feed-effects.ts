import type { Fetch } from '#lib/api/request.ts';
import type { LiveSource } from '#lib/live/live-source.ts';
import { pageSource } from '#lib/live/page-source.ts';

/** The outside world of a run feed; a test gives its own. */
export interface FeedEffects {
  /** Where events come from as they happen. */
  live(): LiveSource;
  readonly fetch: Fetch;
  /** Calls back before the next picture is drawn, or soon where none is drawn (hidden tab). */
  frame(callback: () => void): void;
  /** Calls back after `ms`; returns what cancels it. */
  wait(ms: number, callback: () => void): () => void;
}

/** The real thing. */
export const browserEffects: FeedEffects = {
  live: pageSource,
  fetch: (input, init) => fetch(input, init),
  frame(callback) {
    let called = false;
    const once = () => {
      if (called) return;
      called = true;
      callback();
    };
    requestAnimationFrame(once);
    // A hidden tab draws no frames, and its title should still say what the run does.
    setTimeout(once, 500);
  },
  wait(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
