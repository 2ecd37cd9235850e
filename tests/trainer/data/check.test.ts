import { describe, expect, it } from 'vitest';
import { findLeaks, thorough } from '#core/leaks/find-leaks.ts';
import { configOf, smallFeatures } from '#tests/core/dataset/config.ts';
import { checkData } from '#trainer/data/inspect.ts';
import { loadBars } from '#trainer/data/load.ts';

const configFor = (source: string) => configOf({ data: { source, split: { purge: 3 } }, features: smallFeatures });

describe('checkData', () => {
  it('finds in a child what findLeaks finds here, and says how far it is', async () => {
    const config = configFor('sample://market?bars=2000');
    const shares: number[] = [];
    const report = await checkData({ config, roots: [] }, { progress: (share) => shares.push(share) });
    const { bars } = await loadBars(config.data, { roots: [] });
    expect(report).toEqual(findLeaks({ bars, config, effort: thorough }));
    expect(report.findings.map(({ kind }) => kind)).toEqual(['purge', 'purge']);
    expect([shares[0], shares.at(-1)]).toEqual([0, 1]);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  });

  it('passes on why there is nothing to check', async () => {
    const config = configFor('nope.csv');
    await expect(checkData({ config, roots: [] })).rejects.toMatchObject({ code: 'data_not_found' });
    const short = configFor('sample://market?bars=30');
    await expect(checkData({ config: short, roots: [] })).rejects.toMatchObject({ code: 'split_too_small' });
  });

  it('ends when nobody waits, and when it takes too long', async () => {
    const config = configFor('sample://market?bars=5000000');
    const control = new AbortController();
    const pending = checkData({ config, roots: [] }, { signal: control.signal });
    control.abort(new Error('left the page'));
    await expect(pending).rejects.toThrow('left the page');
    await expect(checkData({ config, roots: [] }, { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'data_unreadable',
      message: /more than 0.05 s to check/,
    });
  });
});
