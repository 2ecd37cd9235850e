import { describe, expect, it } from 'vitest';
import { configOf, smallFeatures } from '#tests/core/dataset/config.ts';
import { assembleDataset } from '#core/dataset/assemble.ts';
import { sampleMarket } from '#core/bars/sample-market.ts';
import { readDataReport } from '#lib/run/data-report.ts';

const { report } = assembleDataset(sampleMarket({ bars: 1000 }), configOf({ features: smallFeatures }));
const stored = (dataset: object) => ({ fingerprint: 'f', files: [], cleaning: {}, dataset });

describe('the report of a run', () => {
  it('is what its trainer wrote', () => {
    expect(readDataReport(stored(report))?.dataset).toEqual(report);
  });

  it('of an older version gets the boundaries from its first decision times, and loses the balance of the test', () => {
    const { splitAt, afterUntil: _, ...old } = report;
    const shares = report.balance.dir;
    const balance = { dir: { ...shares, test: 0.71 } };
    const read = readDataReport(stored({ ...old, balance }))?.dataset;
    expect(read?.splitAt).toEqual(splitAt);
    expect(read?.afterUntil).toBe(0);
    expect(read?.balance).toEqual({ dir: shares });
  });

  it('is none before the data was read', () => {
    for (const value of [null, undefined, 'text', {}, { fingerprint: 'f' }]) expect(readDataReport(value)).toBeNull();
  });
});
