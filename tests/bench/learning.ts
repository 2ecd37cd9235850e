// Program: learning [--json] [--model=] [--series=] [--rows=4000] [--lookback=16] [--epochs=30] [--seeds=3]. Trains every
// model on series of which the best possible forecast is known, and prints its R² on the test split beside that of the best
// forecast and of ridge regression on the same window. A model's settings are the defaults, but for those named here. The
// series have one column, with which PatchTST's two ways with channels are the same network.
import { parseArgs } from 'node:util';
import { type Architecture, architectures } from '#core/models/registry.ts';
import { namesOf } from '#core/names.ts';
import { openEngine } from '#trainer/engines/open.ts';
import { configOf } from '#tests/core/dataset/config.ts';
import { learn, rSquared } from './learn.ts';
import { learningSeries, learningTask } from './learning-tasks.ts';
import { ridge } from './ridge.ts';
import { type Spread, spreadOf } from './spread.ts';
import { wholeOption } from './whole-option.ts';

/** R² on the test split: median, lowest and highest of the seeds. */
interface LearningRow {
  readonly series: string;
  /** "optimum", "ridge", or the name of a model. */
  readonly forecaster: string;
  readonly r2: Spread;
}

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    model: { type: 'string', default: architectures.join() },
    series: { type: 'string', default: namesOf(learningSeries).join() },
    rows: { type: 'string', default: '4000' },
    lookback: { type: 'string', default: '16' },
    epochs: { type: 'string', default: '30' },
    seeds: { type: 'string', default: '3' },
  },
});

function pick<Name extends string>(name: 'model' | 'series', known: readonly Name[]): readonly Name[] {
  return options[name].split(',').map((word) => {
    const found = known.find((one) => one === word);
    if (found === undefined) throw new Error(`--${name}: expected some of ${known.join(', ')}, received ${word}`);
    return found;
  });
}

/** The data of a series are another draw with each seed, as are the weights that a model starts from. */
async function measure(name: keyof typeof learningSeries, models: readonly Architecture[]): Promise<LearningRow[]> {
  const rows = wholeOption('rows', options, 200);
  const lookback = wholeOption('lookback', options, 8);
  const epochs = wholeOption('epochs', options);
  const seeds = Array.from({ length: wholeOption('seeds', options) }, (_, i) => i + 1);
  const tasks = seeds.map((seed) => learningTask(learningSeries[name], { rows, lookback, seed }));
  const row = (forecaster: string, found: readonly number[]): LearningRow => {
    const r2 = spreadOf(found);
    print(`  ${forecaster.padEnd(10)} ${r2.median.toFixed(3)} (${r2.min.toFixed(3)} to ${r2.max.toFixed(3)})`);
    return { series: name, forecaster, r2 };
  };
  print(name);
  const measured = [
    row(
      'optimum',
      tasks.map(({ dataset, ideal }) => rSquared(dataset, (at) => ideal[at])),
    ),
    row(
      'ridge',
      tasks.map(({ dataset }) => ridge(dataset)),
    ),
  ];
  for (const architecture of models) {
    const found: number[] = [];
    for (const [i, { dataset }] of tasks.entries()) {
      const model = { architecture, lookback };
      found.push(await learn(dataset, configOf({ model, train: { epochs, batch_size: 64, seed: seeds[i] } })));
    }
    measured.push(row(architecture, found));
  }
  return measured;
}

const print = (text: string) => void (options.json ? process.stderr : process.stdout).write(`${text}\n`);

try {
  const models = pick('model', architectures);
  const names = pick('series', namesOf(learningSeries));
  const engine = await openEngine('wasm');
  const measured: LearningRow[] = [];
  for (const name of names) measured.push(...(await measure(name, models)));
  engine.dispose();
  if (options.json) process.stdout.write(`${JSON.stringify(measured)}\n`);
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
