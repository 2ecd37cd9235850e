import * as Plot from '@observablehq/plot';
import { expect, it } from 'vitest';
import { sharePlot } from '#lib/chart/share-plot.ts';

const shares = [
  { label: 'train', value: 0.5 },
  { label: 'validation', value: 0.475 },
  { label: 'test', value: 1 },
];

it('draws each share as a part of its track, with its name and its percent', () => {
  const plot = Plot.plot({ ...sharePlot(shares), width: 384, height: 60 });
  const [tracks, bars] = [...plot.querySelectorAll('g[aria-label="bar"]')].map((group) =>
    [...group.querySelectorAll('rect')].map((bar) => Number(bar.getAttribute('width'))),
  );
  expect(tracks).toEqual([200, 200, 200]);
  expect(bars).toEqual([100, 95, 200]);
  const words = [...plot.querySelectorAll('text')].map((text) => text.firstChild?.textContent);
  expect(words).toEqual(['train', 'validation', 'test', '50.0 %', '47.5 %', '100.0 %']);
});
