import { describe, expect, it } from 'vitest';
import { cleanBars } from '#core/bars/clean.ts';
import { day, hour } from '#core/time/timeframe.ts';
import { cleaningFigures } from '#lib/cells/cleaning-figures.ts';
import { readDataReport } from '#lib/run/data-report.ts';
import { bar, config, start, table } from '#tests/core/bars/make-table.ts';

const weekdays = Array.from({ length: 100 }, (_, k) => k).filter((k) => k % 7 < 5);
const rows = weekdays.map((k) => bar(start + k * day, k === 50 ? 10_000 : 100 + (k % 3)));
const { report } = cleanBars([table([...rows, bar('no time')])], config());

describe('figures of the cleaning', () => {
  it('name closures with what explains them, and what was found', () => {
    const figures = cleaningFigures(report);
    expect(figures.find(({ label }) => label === 'gaps')?.value).toBe('0');
    expect(figures.find(({ label }) => label === 'closures')).toMatchObject({
      value: '14',
      tone: 'plain',
      about: expect.stringMatching(/learned from 15 weeks of the file: open 5 days a week/),
    });
    expect(figures.find(({ label }) => label === 'outliers')).toMatchObject({ value: '1', tone: 'warn' });
    expect(figures.find(({ label }) => label === 'unreadable times')).toMatchObject({ value: '1', tone: 'warn' });
    expect(figures.map(({ label }) => label)).not.toContain('far away');
  });

  it('say how much of a thin market had no trade', () => {
    const hours = Array.from({ length: 600 }, (_, k) => k).filter((k) => k % 5 !== 3);
    const thin = cleanBars([table(hours.map((k) => bar(start + k * hour, 100 + (k % 3))))], config()).report;
    expect(cleaningFigures(thin).find(({ label }) => label === 'without trades')).toMatchObject({ value: '120' });
  });

  it('count the rows of other instruments', () => {
    const figures = cleaningFigures({ ...report, otherInstruments: 1200 });
    expect(figures.find(({ label }) => label === 'of other instruments')).toMatchObject({
      value: '1,200',
      tone: 'warn',
    });
  });

  it('are read from the report of an older run, which has fewer of them', () => {
    const names = ['unused', 'symbol', 'repairedTimes', 'strayRows', 'untraded', 'untradedBars', 'outliers'];
    names.push('outlierTimes', 'standstillBars', 'standstills', 'standstillTimes', 'calendar');
    const old = Object.fromEntries(Object.entries(report).filter(([name]) => !names.includes(name)));
    const read = readDataReport({
      fingerprint: 'x',
      files: [],
      cleaning: old,
      dataset: { boundaries: {}, balance: {} },
    });
    expect(Object.keys(read?.cleaning ?? {}).sort()).toEqual(Object.keys(report).sort());
    expect(cleaningFigures(read?.cleaning ?? report).map(({ label }) => label)).toContain('bars');
    expect(readDataReport(null)).toBeNull();
  });
});
