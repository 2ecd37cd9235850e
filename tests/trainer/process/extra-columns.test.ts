import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { seededRandom } from '#core/seeded-random.ts';
import { eventsOf, makeRunFolder, readEvents } from '#tests/support/run-folder.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { startTrainer } from '#tests/support/trainer-process.ts';

/** Hourly closes that drift for two hours by the sign of the funding rate stated at their beginning. */
function fundedMarket(rows: number): string {
  const random = seededRandom(5);
  const lines = ['time,close,funding_rate'];
  let [close, rate] = [100, 0];
  for (let i = 0; i < rows; i++) {
    close *= Math.exp(0.002 * Math.sign(rate) + 0.002 * (random() - 0.5));
    const isStated = i % 2 === 1;
    if (isStated) rate = (random() - 0.5) / 1000;
    lines.push(`${new Date(i * 3_600_000).toISOString()},${close},${isStated ? rate.toFixed(8) : ''}`);
  }
  return `${lines.join('\n')}\n`;
}

it('a run learns from a column of the file, and not without it', async () => {
  const home = temporaryFolder();
  const train = async (id: string, columns: string) => {
    const folder = makeRunFolder(home, id, [
      'data.source=funded.csv',
      'features.timeframes={1h: {log_return: {}}}',
      'features.calendar=null',
      `features.columns=${columns}`,
      'targets.horizon=1',
      'targets.tasks={dir: {kind: direction}}',
      'model.lookback=8',
      'train.engine=wasm',
      'train.epochs=5',
      'train.batch_size=64',
      'train.early_stopping=null',
    ]);
    writeFileSync(join(home, 'notebooks', 'funded.csv'), fundedMarket(3000));
    expect((await startTrainer(folder, 1).exit).code).toBe(0);
    const result = eventsOf(readEvents(folder), 'result').find(({ split }) => split === 'test');
    return { folder, accuracy: Number(result?.metrics['da']) };
  };
  const blind = await train('blind', '{}');
  const told = await train('told', '{funding_rate: {transform: z, period: 96}}');
  // Every hour goes the way of the rate known at the close before it; without it only the second of two can be told.
  expect(told.accuracy).toBeGreaterThan(0.95);
  expect(blind.accuracy).toBeLessThan(0.85);

  const read = (path: string) => readFileSync(join(told.folder, path), 'utf8');
  expect(JSON.parse(read('checkpoints/best/scaler.json')).features).toEqual([
    '1h.log_return_1',
    'column.funding_rate_z_96',
  ]);
  const { cleaning, dataset } = JSON.parse(read('data.json'));
  expect([cleaning.unused, cleaning.numeric]).toEqual([[], ['close', 'funding_rate']]);
  expect(dataset.notes).toEqual(
    expect.arrayContaining([expect.stringMatching(/^column\.funding_rate_z_96: 1499 of 3000 bars have no value/)]),
  );
}, 60_000);
