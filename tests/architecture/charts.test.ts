import { expect, it } from 'vitest';
import { readSources } from './imports.ts';

/** Signs, not charts. */
const signs = ['src/lib/ui/Icon.svelte', 'src/lib/ui/Brand.svelte', 'src/lib/compare/LineSwatch.svelte'];

it('Plot draws every chart: no component draws by hand', () => {
  const drawn = readSources()
    .filter(({ path, text }) => path.endsWith('.svelte') && /<(svg|canvas|meter)\b/.test(text))
    .map(({ path }) => path);
  expect(drawn.filter((path) => !signs.includes(path))).toEqual([]);
});
