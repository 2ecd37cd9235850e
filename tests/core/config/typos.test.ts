import { expect, test } from 'vitest';
import { compileConfig } from '#core/config/compile.ts';
import { isMap, withValue } from '#core/config/document.ts';
import { toFile } from '#core/config/config-file.ts';
import { didYouMean, nearest } from '#core/config/suggestion.ts';

const { config } = compileConfig({ config: { features: { timeframes: { '1h': { rsi: {}, macd: {} } } } } });

/** Every key of a configuration, at every depth, as its path. */
function keysOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...keysOf(inner, [...path, key])]);
}

/** Two neighbours swapped, a letter left out, a letter twice: what fingers do. */
const slips = (key: string) => [
  key.slice(0, 2) + key[3] + key[2] + key.slice(4),
  key.slice(0, 2) + key.slice(3),
  key.slice(0, 2) + key[1] + key.slice(2),
];

test('a slip in any key of five letters or more names the key meant, at every level', () => {
  if (!config) throw new Error('the configuration of the test is not valid');
  const free = /^(features\.timeframes|targets\.tasks|loss)\.[^.]+$|^loss\.weights\./;
  const keys = keysOf(toFile(config)).filter((path) => (path.at(-1) ?? '').length >= 5 && !free.test(path.join('.')));
  expect(keys.length).toBeGreaterThan(30);
  for (const path of keys) {
    for (const slip of slips(path.at(-1) ?? '')) {
      if (slip === path.at(-1)) continue;
      const wrong = withValue(toFile(config), [...path.slice(0, -1), slip], 1);
      const messages = compileConfig({ config: wrong }).issues.map(({ message }) => message);
      expect(messages.join('\n'), slip).toContain(`did you mean ${path.join('.')}?`);
    }
  }
});

test.each([
  [{ model: { architecture: 'ltsm' } }, 'did you mean lstm?'],
  [{ model: { variant: 'lagre' } }, 'did you mean large?'],
  [{ train: { optimizer: { kind: 'adamv' } } }, 'did you mean adamw?'],
  [{ train: { engine: 'wsam' } }, 'did you mean wasm?'],
  [{ loss: { ret: { kind: 'hubert' } } }, 'did you mean huber?'],
  [{ data: { gaps: { policy: 'braek' } } }, 'did you mean break?'],
])('a slip in a word names the word meant: %j', (wrong, words) => {
  expect(
    compileConfig({ config: wrong })
      .issues.map(({ message }) => message)
      .join('\n'),
  ).toContain(words);
});

test('a key and its value written as one word are told apart', () => {
  const { issues } = compileConfig({ cells: { features: { timeframes: { '1h': { rsi: { 'period:14': null } } } } } });
  expect(issues[0]?.message).toContain('(period: 14), received period:14');
});

test('what is near is named best first, and no more than was asked for', () => {
  expect(nearest('btc', ['btx', 'eth', 'btc-1h', 'btc', 'bt'], 3)).toEqual(['btc', 'btx', 'bt']);
  expect(nearest('nts', ['other', 'notes'], 3)).toEqual(['notes']);
  expect(nearest('zebra', ['btc', 'eth'], 3)).toEqual([]);
  expect(didYouMean(['a', 'b'])).toBe(' Did you mean a or b?');
  expect(didYouMean([])).toBe('');
});
