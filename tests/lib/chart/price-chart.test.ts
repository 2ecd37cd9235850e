import { mount, unmount } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import { afterEach, expect, it, vi } from 'vitest';
import { cleanBars } from '#core/bars/clean.ts';
import { day } from '#core/time/timeframe.ts';
import PriceChart from '#lib/chart/PriceChart.svelte';
import { bar, config, start, table } from '#tests/core/bars/make-table.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it('draws the bands of other splits over the same bars', async () => {
  const frames: (() => void)[] = [];
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => frames.push(callback));
  for (const name of ['IntersectionObserver', 'ResizeObserver']) {
    vi.stubGlobal(
      name,
      class {
        observe() {}
        unobserve() {}
        disconnect() {}
      },
    );
  }
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(600);
  const draw = async () => {
    await Promise.resolve();
    for (const frame of frames.splice(0)) frame();
  };
  const { bars } = cleanBars([table(Array.from({ length: 60 }, (_, k) => bar(start + k * day, 100)))], config());
  const from = new SvelteMap([['test', start + 40 * day]]);
  const target = document.createElement('div');
  const chart = mount(PriceChart, {
    target,
    props: {
      bars,
      get splits() {
        const testFrom = from.get('test') ?? NaN;
        return { validationFrom: start + 20 * day, testFrom, until: null, isSealed: true };
      },
    },
  });
  await draw();
  const said = () => target.querySelector('.plot')?.textContent;
  expect(said()).toContain('test from 2024-02-10');
  from.set('test', start + 50 * day);
  await draw();
  expect(said()).toContain('test from 2024-02-20');
  void unmount(chart);
});
