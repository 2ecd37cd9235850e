import { outcomeWords } from '#core/run/outcome-words.ts';
import type { RunSummary } from '#core/run/summary.ts';
import { type BrowserStorage, findStorage, keep, readKept } from '#lib/ui/browser-storage.ts';

const key = 'almanac:notify';

/** What of the browser's notifications is used; a test gives its own. */
interface Notifier {
  readonly permission: NotificationPermission;
  requestPermission(): Promise<NotificationPermission>;
  /** @param tag a later one of the same takes its place */
  show(title: string, options: { readonly body: string; readonly tag: string }, onclick: () => void): void;
  /** Whether the person looks at this page now. */
  isWatched(): boolean;
}

/** The browser's own; null where it has none: an old one, or a page that came over plain http from another machine. */
function browserNotifier(): Notifier | null {
  if (typeof Notification === 'undefined' || !isSecureContext) return null;
  return {
    get permission() {
      return Notification.permission;
    },
    requestPermission: () => Notification.requestPermission(),
    show(title, options, onclick) {
      const shown = new Notification(title, options);
      shown.onclick = () => {
        onclick();
        shown.close();
      };
    },
    isWatched: () => !document.hidden && document.hasFocus(),
  };
}

/**
 * Tells a person who looks elsewhere that a run has ended, failed or stalled, where they have asked for it: in this browser,
 * for all runs, until they ask no longer.
 */
export class EndNotice {
  readonly #notifier: Notifier | null;
  readonly #storage: BrowserStorage | null;
  #isWanted = $state(false);
  #wasOver: boolean | null = null;

  constructor(notifier: Notifier | null = browserNotifier(), storage: BrowserStorage | null = findStorage()) {
    this.#notifier = notifier;
    this.#storage = storage;
    this.#isWanted = readKept(storage, key)['isWanted'] === true && notifier?.permission === 'granted';
  }

  get isWanted(): boolean {
    return this.#isWanted;
  }

  /** Asks for it, or no longer. @returns why the browser does not do it; null where it does as asked */
  async toggle(): Promise<string | null> {
    if (this.#notifier === null) return 'This browser shows notifications of https pages and of this machine alone';
    const wanted = !this.#isWanted;
    if (wanted && (await this.#notifier.requestPermission()) !== 'granted') {
      return 'The browser does not let this page notify: its settings for this page say so';
    }
    this.#isWanted = wanted;
    keep(this.#storage, key, { isWanted: wanted });
    return null;
  }

  /** How the run stands now. What it was when the page opened is no news. */
  look(run: RunSummary): void {
    const words = outcomeWords(run);
    const isNews = words !== null && this.#wasOver === false;
    this.#wasOver = words !== null;
    if (!isNews || !this.#isWanted || this.#notifier === null || this.#notifier.isWatched()) return;
    const options = { body: words.text, tag: `almanac ${run.id}` };
    this.#notifier.show(words.title, options, () => globalThis.focus());
  }
}
