import { expect, it } from 'vitest';
import { readSources } from './imports.ts';

/** Signs, not charts: nothing is read off them. The figure that a sparkline is of stands beside it. */
const signs = [
  'src/lib/ui/Icon.svelte',
  'src/lib/ui/Brand.svelte',
  'src/lib/compare/LineSwatch.svelte',
  'src/lib/chart/Sparkline.svelte',
  // How full the cache is, which is said in words beside it.
  'src/lib/runs/CacheLine.svelte',
];

it('Plot draws every chart: no component draws by hand', () => {
  const drawn = readSources()
    .filter(({ path, text }) => path.endsWith('.svelte') && /<(svg|canvas|meter)\b/.test(text))
    .map(({ path }) => path);
  expect(drawn.filter((path) => !signs.includes(path))).toEqual([]);
});
