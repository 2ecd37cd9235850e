import { proxy, type Remote, releaseProxy, wrap } from 'comlink';
import { Follows } from './follows.ts';
import { LiveStream } from './live-stream.ts';
import type { LiveSource, Subscription } from './live-source.ts';
import type { LiveTab } from './live.worker.ts';

/** ms that the worker has to answer before the page opens a connection of its own; it is left when the worker does. */
const patience = 5000;

let source: LiveSource | null = null;

/** Where this page hears what happens, whatever it shows: made once, in the browser, and never disposed. */
export function pageSource(): LiveSource {
  source ??= makeSource();
  return source;
}

/** The worker that all tabs share; the page's own connection where there is none, as in Chrome on Android. */
function makeSource(): LiveSource {
  const follows = new Follows();
  const own = new OwnStream(follows);
  if (typeof SharedWorker === 'undefined') {
    own.begin();
    return follows;
  }
  try {
    const worker = new SharedWorker(new URL('./live.worker.ts', import.meta.url), { type: 'module', name: 'almanac' });
    // Its script was not let through, or has failed.
    worker.addEventListener('error', () => own.begin());
    enter(wrap<LiveTab>(worker.port), follows, own);
  } catch {
    own.begin();
  }
  return follows;
}

function enter(tab: Remote<LiveTab>, follows: Follows, own: OwnStream): void {
  const late = setTimeout(() => own.begin(), patience);
  void tab.enter(proxy({ isThere: () => true as const })).then(() => {
    clearTimeout(late);
    own.end();
    follows.attach(new WorkerSource(tab));
  });
  addEventListener('pagehide', () => void tab.leave());
  addEventListener('pageshow', (event) => {
    if (event.persisted) void tab.comeBack();
  });
}

/** The page's own connection. A hidden page holds none: browsers have few, and another tab may need it to stop a run. */
class OwnStream {
  readonly #follows: Follows;
  readonly #stream = new LiveStream();
  #isUsed = false;

  constructor(follows: Follows) {
    this.#follows = follows;
    document.addEventListener('visibilitychange', () => {
      if (this.#isUsed) this.#look();
    });
  }

  begin(): void {
    this.#isUsed = true;
    this.#look();
  }

  end(): void {
    this.#isUsed = false;
  }

  #look(): void {
    this.#follows.attach(document.hidden ? null : this.#stream);
  }
}

/** The worker as a source. */
class WorkerSource implements LiveSource {
  readonly #tab: Remote<LiveTab>;

  constructor(tab: Remote<LiveTab>) {
    this.#tab = tab;
  }

  followRun(...[id, since, listener]: Parameters<LiveSource['followRun']>): Subscription {
    return subscriptionOf(this.#tab.followRun(id, since, proxy(listener)));
  }

  followList(...[listener]: Parameters<LiveSource['followList']>): Subscription {
    return subscriptionOf(this.#tab.followList(proxy(listener)));
  }
}

function subscriptionOf(given: Promise<Remote<Subscription>>): Subscription {
  return {
    close: () => void given.then((held) => held.close().then(() => held[releaseProxy]())),
    retry: () => void given.then((held) => held.retry()),
  };
}
