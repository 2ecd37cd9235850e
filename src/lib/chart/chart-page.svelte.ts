import { flushSync, getContext, setContext } from 'svelte';
import { DrawingTurns } from './drawing-turns.ts';
import { printing } from './printing.svelte.ts';
import type { XWindow } from './x-window.ts';

/** What the charts of one page have in common. */
export class ChartPage {
  /** In which its charts are drawn. */
  readonly turns = new DrawingTurns();
  readonly #prefix: string;
  readonly #grows: () => boolean;
  #cursors = $state<Record<string, number | null>>({});
  #zooms = $state.raw<Readonly<Record<string, XWindow | null>>>({});

  constructor(prefix: string, grows: () => boolean = () => false) {
    this.#prefix = prefix;
    this.#grows = grows;
  }

  /** Whether points keep coming: then only the charts in view follow. */
  get grows(): boolean {
    return this.#grows();
  }

  /** A name for a file of a chart, without ending: `R13-directional-accuracy`. */
  fileName(title: string): string {
    const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['chart'];
    return [...(this.#prefix ? [this.#prefix] : []), ...words].join('-');
  }

  /** The place pointed at in charts whose x means the same ("step", "time", …). */
  cursor(kind: string): number | null {
    return this.#cursors[kind] ?? null;
  }
  moveCursor(kind: string, x: number | null): void {
    this.#cursors[kind] = x;
  }

  /** The part of x that charts of one kind show; null for all of it. */
  zoom(kind: string): XWindow | null {
    return this.#zooms[kind] ?? null;
  }
  showZoom(kind: string, zoom: XWindow | null): void {
    this.#zooms = { ...this.#zooms, [kind]: zoom };
  }
}

const key = Symbol('page of charts');

/**
 * Called once by a page; `prefix` begins the names of the files of its charts, as the run's R13 does, and `grows` tells
 * whether points keep coming.
 */
export function provideChartPage(prefix = '', grows?: () => boolean): ChartPage {
  const page = new ChartPage(prefix, grows);
  $effect(() =>
    printing.watch(() => {
      flushSync();
      page.turns.drawAll();
    }),
  );
  return setContext(key, page);
}

/** The page's, or a chart's own where the page provides none. */
export function requireChartPage(): ChartPage {
  return getContext<ChartPage | undefined>(key) ?? new ChartPage('');
}
