import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventBody } from '#core/run/event.ts';
import { provideChartPage } from '#lib/chart/chart-page.svelte.ts';
import type { RunListener } from '#lib/live/live-source.ts';
import { CurveSettings } from '#lib/run/curve-settings.svelte.ts';
import { runAxis } from '#lib/run/run-axis.ts';
import { RunFeed } from '#lib/run/run-feed.svelte.ts';
import { RunSession } from '#lib/run/run-session.svelte.ts';
import TrainCurves from '#lib/run/TrainCurves.svelte';
import { emptyOpening } from '#tests/support/empty-opening.ts';
import { FakeClock } from '#tests/support/fake-clock.ts';
import { runDetail } from '#tests/support/run-summary.ts';

const epochs = 1000;
const width = 431;
const detail = runDetail({ status: 'running' });

/** A page of curves with its stream, clock, frames, window and tab under the test's hand. */
class Page {
  readonly #clock = new FakeClock();
  readonly element = document.createElement('div');
  readonly #frames: (() => void)[] = [];
  #listener: RunListener | null = null;
  readonly #sights = new Map<Element, (isNear: boolean) => void>();
  readonly #pictures = new Map<string, Set<Element>>();
  #seq = 0;
  #close: () => void = () => undefined;

  async open(): Promise<void> {
    const frame = (callback: () => void) => this.#frames.push(callback);
    const sights = this.#sights;
    vi.stubGlobal('requestAnimationFrame', frame);
    vi.stubGlobal(
      'IntersectionObserver',
      class {
        readonly #tell: IntersectionObserverCallback;
        constructor(tell: IntersectionObserverCallback) {
          this.#tell = tell;
        }
        observe(element: Element) {
          const told = (isIntersecting: boolean) => [{ isIntersecting }] as IntersectionObserverEntry[];
          sights.set(element, (isNear) => this.#tell(told(isNear), this as unknown as IntersectionObserver));
        }
        disconnect() {}
      },
    );
    vi.stubGlobal(
      'ResizeObserver',
      class {
        observe() {}
        unobserve() {}
      },
    );
    vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(width);
    const { followed, ...opening } = emptyOpening();
    const feed = new RunFeed('x', {
      ...opening,
      frame,
      wait: this.#clock.wait,
    });
    const session = new RunSession(detail, undefined, feed);
    feed.open();
    this.#listener = await followed;
    const plan = { epochs, steps: epochs, batch: 1, startedAt: 0, endsAt: null };
    const props = { session, settings: new CurveSettings(null), axis: runAxis('epoch', plan) };
    const Host = (anchor: Parameters<typeof TrainCurves>[0], given: typeof props) => {
      provideChartPage('R1', () => session.status === 'running');
      return TrainCurves(anchor, given);
    };
    const mounted = mount(Host, { target: this.element, props });
    document.body.append(this.element);
    this.#close = () => {
      feed.close();
      void unmount(mounted);
      this.element.remove();
    };
  }
  close(): void {
    this.#close();
  }

  tell(body: EventBody): void {
    const event = { seq: ++this.#seq, at: new Date(this.#clock.now).toISOString(), attempt: 1, ...body };
    this.#listener?.events([{ after: event.seq - 1, seq: event.seq, event }]);
  }
  /** Frames come every 16 ms of the clock, and with each whatever is due. */
  pass(ms: number): void {
    for (const end = this.#clock.now + ms; this.#clock.now < end; this.#clock.pass(16)) {
      const frames = this.#frames.splice(0);
      if (frames.length === 0) continue;
      for (const draw of frames) draw();
      flushSync();
      for (const chart of this.element.querySelectorAll<HTMLElement>('[data-chart]')) {
        const svg = chart.querySelector('.plot svg');
        if (svg) this.pictures(chart.dataset.chart ?? '').add(svg);
      }
    }
  }
  /** Every picture that a chart has had. */
  pictures(title: string): Set<Element> {
    const known = this.#pictures.get(title) ?? new Set();
    this.#pictures.set(title, known);
    return known;
  }
  chart(title: string): HTMLElement {
    const found = this.element.querySelector<HTMLElement>(`[data-chart="${title}"]`);
    if (!found) throw new Error(`no chart ${title}`);
    return found;
  }
  look(title: string, isNear: boolean): void {
    this.#sights.get(this.chart(title))?.(isNear);
    flushSync();
  }
  showTab(isShown: boolean): void {
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(isShown ? 'visible' : 'hidden');
    document.dispatchEvent(new Event('visibilitychange'));
    flushSync();
  }
}

let page: Page;
beforeEach(async () => {
  page = new Page();
  await page.open();
  page.tell({ type: 'status', state: 'running', engine: 'wasm', device: 'WASM' });
});
afterEach(() => {
  page.close();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const epoch = (number: number) =>
  page.tell({
    type: 'metric',
    step: number,
    epoch: number,
    values: { 'train.loss': 1 / number, 'val.loss': 1 / number, lr: 0.1 / number },
  });
/** Epochs at 250 a second. */
function train(from: number, to: number): void {
  for (let number = from; number <= to; number++) {
    epoch(number);
    if (number % 4 === 0) page.pass(16);
  }
}
const readout = (title: string) => page.chart(title).querySelector('.readout')?.textContent?.replace(/\s+/g, ' ') ?? '';
const points = (title: string) =>
  Math.max(
    ...[...page.chart(title).querySelectorAll('[aria-label=line] path')].map(
      (path) => path.getAttribute('d')?.match(/[ML]/g)?.length ?? 0,
    ),
  );
/** x of the last point of a chart's line, in epochs. */
const drawnTo = (title: string) => {
  const path = page.chart(title).querySelector('[aria-label=line] path')?.getAttribute('d') ?? '';
  const x = Number([...path.matchAll(/[ML]([\d.]+)/g)].at(-1)?.[1]);
  const [left, right] = [66, width - 96];
  return Math.round((epochs * (x - left)) / (right - left));
};

describe('the curves of a run of very short epochs', () => {
  it('are drawn two to four times a second where they are in view, and to the last value', () => {
    train(1, 2);
    page.pass(400);
    page.look('loss', true);
    page.pass(400);
    const before = page.pictures('loss').size;
    // Of 1,000 events in four seconds.
    train(3, 1000);
    const [drawn, seconds] = [page.pictures('loss').size - before, (998 * 4) / 1000];
    expect(drawn).toBeGreaterThanOrEqual(2 * seconds);
    expect(drawn).toBeLessThanOrEqual(4 * seconds);
    page.pass(400);
    expect(drawnTo('loss')).toBe(1000);
    expect(readout('loss')).toContain('newest: epoch 1000');
    const settled = page.pictures('loss').size;
    page.pass(2000);
    expect(page.pictures('loss').size).toBe(settled);
  });

  it('are not drawn out of view, and stand as they are when they come into view', () => {
    train(1, 2);
    page.pass(400);
    page.look('loss', true);
    const before = page.pictures('learning rate').size;
    train(3, 300);
    page.pass(400);
    expect(page.pictures('learning rate').size).toBe(before);
    expect(drawnTo('learning rate')).toBeLessThanOrEqual(2);
    page.look('learning rate', true);
    page.pass(32);
    expect(page.pictures('learning rate').size).toBe(before + 1);
    expect(drawnTo('learning rate')).toBe(300);
    expect(readout('learning rate')).toContain('epoch 300');
  });

  it('are not drawn while the tab is hidden', () => {
    train(1, 2);
    page.pass(400);
    page.look('loss', true);
    page.pass(400);
    page.showTab(false);
    const before = page.pictures('loss').size;
    train(3, 300);
    page.pass(400);
    expect(page.pictures('loss').size).toBe(before);
    page.showTab(true);
    page.pass(32);
    expect(drawnTo('loss')).toBe(300);
  });

  it('are all drawn to the end once the run is over, at once', () => {
    train(1, 2);
    page.pass(400);
    page.look('loss', true);
    page.pass(400);
    train(3, 300);
    page.tell({ type: 'status', state: 'completed' });
    page.pass(80);
    expect([drawnTo('loss'), drawnTo('learning rate')]).toEqual([300, 300]);
  });

  it('have at most three points for a pixel column', () => {
    for (let number = 1; number <= 1000; number++) {
      for (let part = 0; part < 20; part++) {
        page.tell({
          type: 'metric',
          step: 20 * number + part,
          epoch: number + part / 20,
          values: { 'train.loss': Math.sin(number * part) },
        });
      }
    }
    page.pass(32);
    page.look('loss', true);
    page.pass(400);
    expect(points('loss')).toBeGreaterThan(width / 2);
    expect(points('loss')).toBeLessThanOrEqual(3 * width);
  });
});
