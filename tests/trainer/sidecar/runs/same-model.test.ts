import { expect, it } from 'vitest';
import { requireConfig } from '#core/config/compile.ts';
import { requireSameModel } from '#trainer/sidecar/runs/start-checkpoint.ts';

const config = (...overrides: string[]) => requireConfig({ overrides: overrides.map((key) => `model.${key}`) }).config;

it.each([
  ['mlp', 1],
  ['tcn', 0],
  ['gru', 0],
  ['lstm', 0],
  ['tsmixer', 1],
  ['patchtst', 1],
  ['dlinear', 1],
  ['nlinear', 1],
])('whether weights of a %s fit another lookback is said before it trains', (architecture, refused) => {
  const [from, to] = [32, 48].map((lookback) => config(`architecture=${architecture}`, `lookback=${lookback}`));
  const compare = () => requireSameModel(from, to);
  if (refused) expect(compare).toThrow('model.lookback: expected 32, as the checkpoint has, received 48');
  else expect(compare).not.toThrow();
});

it('weights of mixing channels do not fit independent ones; elsewhere the key means nothing', () => {
  const of = (architecture: string) => () =>
    requireSameModel(
      config(`architecture=${architecture}`),
      config(`architecture=${architecture}`, 'channels=independent'),
    );
  expect(of('patchtst')).toThrow('model.channels: expected mixing, as the checkpoint has, received independent');
  expect(of('tsmixer')).not.toThrow();
});
