import { expect, it } from 'vitest';
import { compileConfig } from '#core/config/compile.ts';
import { groups } from '#core/config/config.ts';
import { type KnownData, modelFigures } from '#lib/cells/model-figures.ts';

const hour = 3_600_000;
const known: KnownData = { step: hour, rows: 20_000, columns: 18, warmup: 400, trainSamples: 10_000, missing: null };
const whole = compileConfig({ overrides: ['model.architecture=tcn', 'model.variant=medium'] });

function shown(override: string) {
  const compiled = compileConfig({ overrides: ['model.architecture=tcn', override] });
  const broken = groups.filter((group) => compiled.groups[group] === null);
  const { figures, missing } = modelFigures(compiled.groups, broken, known);
  return { figures: figures.map(({ label }) => label), missing };
}

it('says what each figure rests on', () => {
  const { figures, missing } = modelFigures(whole.groups, [], known);
  expect(missing).toEqual([]);
  const value = (label: string) => figures.find((figure) => figure.label === label)?.value;
  expect(value('parameters')).toMatch(/^[\d,]+ for 18 columns, [\d.]+ a train window$/);
  expect(value('effective context')).toBe('64 of 64 bars, 2 d 16 h');
  expect(value('reach with warm-up')).toBe('19 d 8 h');
  const unread = { step: null, rows: null, columns: null, warmup: null, trainSamples: null };
  const { figures: early, missing: none } = modelFigures(whole.groups, [], { ...unread, missing: null });
  expect(none).toEqual([]);
  expect(early.map(({ label, value: text }) => `${label} ${text}`)).toEqual([
    expect.stringMatching(/^parameters [\d,]+ for \d+ columns as written$/),
    'effective context 64 of 64 bars',
    'reach with warm-up …',
    expect.stringMatching(/^receptive field \d+ bars$/),
    'memory …',
  ]);
});

it('shows for a broken cell what needs it not, and names it for the rest', () => {
  const why = 'has a problem';
  expect(shown('features.scaler=none')).toEqual({
    figures: ['effective context', 'receptive field'],
    missing: [{ cell: 'features', why, labels: ['parameters', 'reach with warm-up', 'memory'] }],
  });
  expect(shown('targets.horizon=0').missing).toEqual([{ cell: 'targets', why, labels: ['parameters', 'memory'] }]);
  expect(shown('train.epochs=-1').missing).toEqual([{ cell: 'train', why, labels: ['memory'] }]);
  expect(shown('loss.weights={ret: -1}').missing).toEqual([]);
  expect(shown('model.lookback=-5')).toEqual({
    figures: [],
    missing: [{ cell: 'model', why, labels: ['parameters', 'effective context', 'reach with warm-up', 'memory'] }],
  });
});
