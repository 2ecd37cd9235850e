import type { Step } from './step-settings.ts';

/** Keys of the configuration that other steps read than that of their own cell, the longest beginning first. */
const elsewhere: readonly (readonly [string, readonly Step[]])[] = [
  ['data.split.sealed', []],
  ['data.split', ['targets']],
  ['data.timezone', ['data', 'features', 'targets']],
  ['features.scaler', ['samples']],
  ['features.columns', ['data', 'features']],
  ['model.lookback', ['samples', 'model']],
  ['train.seed', ['loss', 'train']],
];

/** The steps whose settings have this dotted key among them (stepSettings). */
export function stepsReading(key: string): readonly Step[] {
  const found = elsewhere.find(([start]) => key === start || key.startsWith(`${start}.`));
  return found ? found[1] : [key.slice(0, key.indexOf('.')) as Step];
}
