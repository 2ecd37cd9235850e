import type { Fetch } from '#lib/api/request.ts';

/** What of EventSource the feed uses. */
export interface Stream {
  onopen(listener: () => void): void;
  onerror(listener: () => void): void;
  /** Called with the data of each event of a type. */
  onevent(type: string, listener: (data: string) => void): void;
  close(): void;
}

/** The outside world of a run feed; a test gives its own. */
export interface FeedEffects {
  openStream(url: string): Stream;
  readonly fetch: Fetch;
  /** Calls back before the next picture is drawn, or soon where none is drawn (hidden tab). */
  frame(callback: () => void): void;
  /** Calls back after `ms`; returns what cancels it. */
  wait(ms: number, callback: () => void): () => void;
}

/** The real thing. */
export const browserEffects: FeedEffects = {
  openStream(url) {
    const source = new EventSource(url);
    return {
      onopen: (listener) => (source.onopen = listener),
      onerror: (listener) => (source.onerror = listener),
      onevent: (type, listener) => source.addEventListener(type, (event: MessageEvent<string>) => listener(event.data)),
      close: () => source.close(),
    };
  },
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
