import { describe, expect, test } from 'vitest';
import { assembleDataset } from '#core/dataset/assemble.ts';
import { evaluatedRows } from '#core/dataset/evaluated-rows.ts';
import { loadBars } from '#trainer/data/load.ts';
import { configOf } from '#tests/core/dataset/config.ts';
import { hasSharedData, sharedDataFolder } from '#tests/support/shared-data.ts';

/** What is scored on real bars whose market closes, or whose week is learned from the bars in the range alone. */
describe.skipIf(!hasSharedData)('evaluation keys of real bars (skipped where the shared data folder is absent)', () => {
  test.each([
    ['eurusd-h1.csv', '1h', '2018-06-01', '2019-06-03', ['2014-03-11', '2016-07-02', '2018-05-20'], '2020-03-02'],
    ['btcusdt-1h-2017-2022.json', '1h', '2021-06-01', '2022-01-01', ['2018-02-13', '2021-05-20'], '2022-05-05'],
    ['aapl-1d.csv', '1d', '2016-11-01', '2017-08-01', ['2014-01-02', '2016-06-01'], '2018-01-08'],
  ])(
    'of %s stay when the training period begins later, and when the bars end earlier',
    async (source, step, ...rest) => {
      const [validation_from, test_from, starts, earlier] = rest;
      const features = { timeframes: { [step]: { log_return: {} } } };
      const evaluated = async (range: { readonly start?: string; readonly end?: string }) => {
        const split = { validation_from, test_from };
        const config = configOf({ data: { source, split, range }, features, model: { lookback: 8 } });
        const { bars } = await loadBars(config.data, { roots: [sharedDataFolder] });
        const dataset = assembleDataset(bars, config);
        const [validation, last] = [evaluatedRows(dataset, 'validation'), evaluatedRows(dataset, 'test')];
        return [Buffer.from(validation.bytes).toString('base64'), Buffer.from(last.bytes).toString('base64')];
      };
      const [validation, last] = await evaluated({});
      for (const start of starts) {
        const [same, ofTest] = await evaluated({ start });
        // A boolean, for a difference would be printed at length.
        expect([start, same === validation, ofTest === last]).toEqual([start, true, true]);
      }
      const [same, ofTest] = await evaluated({ end: earlier });
      expect([same === validation, ofTest === last]).toEqual([true, false]);
    },
  );
});
