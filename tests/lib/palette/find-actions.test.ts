import { expect, it } from 'vitest';
import { findActions } from '#lib/palette/find-actions.ts';

const action = (name: string, hint?: string) => ({
  name,
  ...(hint === undefined ? {} : { hint }),
  run: () => undefined,
});
const all = [
  action('Undo'),
  action('Run all cells'),
  action('R12 A slower RSI', 'completed trend'),
  action('Go to runs'),
  action('BTC, next 12 hours', 'notebook btc'),
];
const names = (query: string) => findActions(all, query).map(({ name }) => name);

it('lists everything where nothing is asked', () => expect(names(' ')).toHaveLength(all.length));

it('finds names that begin with the words first, then words within, then hints', () => {
  expect(names('run')).toEqual(['Run all cells', 'Go to runs']);
  expect(names('r12')).toEqual(['R12 A slower RSI']);
  expect(names('12')).toEqual(['BTC, next 12 hours', 'R12 A slower RSI']);
  expect(names('rsi slower')).toEqual(['R12 A slower RSI']);
  expect(names('trend')).toEqual(['R12 A slower RSI']);
  expect(names('undo x')).toEqual([]);
});
