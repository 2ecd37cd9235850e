import type { RunSummary } from '#core/run/summary.ts';
import type { Fetch } from '#lib/api/request.ts';
import { getRun } from '#lib/api/runs.ts';
import { mentionedRun } from '#lib/prose/run-mentions.ts';

/** What is shown beside a link to a run: the run, or why there is none, and where, in px from the words' corner. */
interface Card {
  readonly id: string;
  readonly run: RunSummary | null;
  readonly trouble: string | null;
  readonly left: number;
  readonly top: number;
}

/** Ms that the pointer rests on a link before its run is asked for: it may only be passing. */
const restFor = 150;

/** The run that a link in some words names, while the pointer or the focus is on it. */
export class MentionedRun {
  readonly #fetch: Fetch;
  readonly #known: Record<string, Promise<RunSummary>> = {};
  #card = $state.raw<Card | null>(null);
  #link: HTMLAnchorElement | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(fetcher: Fetch = (input, init) => fetch(input, init)) {
    this.#fetch = fetcher;
  }

  get card(): Card | null {
    return this.#card;
  }

  /** Watches the links of an element; returns what ends that. */
  readonly watch = (words: HTMLElement): (() => void) => {
    const enter = ({ target }: Event) => this.#enter(words, target);
    const leave = () => this.#leave();
    const close = ({ key }: KeyboardEvent) => key === 'Escape' && this.#leave();
    const ends = { pointerover: enter, focusin: enter, pointerout: leave, focusout: leave };
    for (const [name, handler] of Object.entries(ends)) words.addEventListener(name, handler);
    words.addEventListener('keydown', close);
    return () => {
      this.#leave();
      for (const [name, handler] of Object.entries(ends)) words.removeEventListener(name, handler);
      words.removeEventListener('keydown', close);
    };
  };

  #enter(words: HTMLElement, target: EventTarget | null): void {
    const link = target instanceof Element ? target.closest('a') : null;
    const name = mentionedRun(link?.getAttribute('href') ?? null);
    if (link === null || name === null || link === this.#link) return;
    this.#leave();
    this.#link = link;
    this.#timer = setTimeout(() => void this.#show(words, link, name), restFor);
  }

  #leave(): void {
    clearTimeout(this.#timer);
    this.#link?.removeAttribute('aria-describedby');
    this.#link = null;
    this.#card = null;
  }

  async #show(words: HTMLElement, link: HTMLAnchorElement, name: string): Promise<void> {
    const reading = (this.#known[name] ??= getRun(this.#fetch, name));
    const found = await reading.then(
      (run) => ({ run, trouble: null }),
      (error: unknown) => {
        // It may be made yet.
        delete this.#known[name];
        return { run: null, trouble: error instanceof Error ? error.message : String(error) };
      },
    );
    if (this.#link !== link) return;
    const [frame, place] = [words.getBoundingClientRect(), link.getBoundingClientRect()];
    const left = Math.max(0, Math.min(place.left - frame.left, frame.width - 300));
    const id = `card-${name}`;
    link.setAttribute('aria-describedby', id);
    this.#card = { id, ...found, left, top: place.bottom - frame.top };
  }
}
