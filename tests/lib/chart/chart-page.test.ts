import { expect, it } from 'vitest';
import { ChartPage } from '#lib/chart/chart-page.svelte.ts';

it('names files after the run and the chart', () => {
  const names = (prefix: string, ...titles: readonly string[]) =>
    titles.map((title) => new ChartPage(prefix).fileName(title));
  expect(names('R13', 'loss', 'directional accuracy', 'GPU memory, MB', 'CPU, % of one core')).toEqual([
    'R13-loss',
    'R13-directional-accuracy',
    'R13-gpu-memory-mb',
    'R13-cpu-of-one-core',
  ]);
  expect(names('', 'price', '…')).toEqual(['price', 'chart']);
});

it('has one cursor and one zoom for all charts of one kind', () => {
  const page = new ChartPage('');
  page.moveCursor('epoch', 3);
  page.showZoom('epoch', [2, 4]);
  expect([page.cursor('epoch'), page.zoom('epoch')]).toEqual([3, [2, 4]]);
  expect([page.cursor('step'), page.zoom('step')]).toEqual([null, null]);
});
