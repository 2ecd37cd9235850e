import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type CellKind, cellKinds } from '#core/api/cell-answers.ts';
import { requireConfig } from '#core/config/compile.ts';
import type { Config } from '#core/config/config.ts';
import { cellInputs } from '#core/notebook/cell-inputs.ts';
import { abandon, advance, ask, begin, type CellLife, judge, newLife, settle } from '#core/notebook/cell-life.ts';

const overrides = {
  data: ['data.gaps.policy=break', 'data.gaps.policy=ignore'],
  features: ['features.scaler=standard', 'features.timeframes.1h.rsi.period=21'],
  targets: ['targets.horizon=12', 'targets.horizon=24'],
  model: ['model.lookback=64', 'model.lookback=32'],
  loss: ['train.seed=1', 'loss.weights.ret=2'],
} as const;
/** Cells that each of the changes above concerns, as a person would say it. */
const concerned: Readonly<Record<CellKind, readonly CellKind[]>> = {
  data: ['data', 'features', 'targets', 'model', 'loss'],
  features: ['features', 'model', 'loss'],
  targets: ['targets', 'model', 'loss'],
  model: ['model', 'loss'],
  loss: ['loss'],
};

/** A notebook is one choice a cell. */
type Page = Readonly<Record<CellKind, 0 | 1>>;
const first: Page = { data: 0, features: 0, targets: 0, model: 0, loss: 0 };
const configs = new Map<string, Config>();
function configOf(page: Page): Config {
  const key = JSON.stringify(page);
  const known = configs.get(key);
  if (known) return known;
  const { config } = requireConfig({
    config: { features: { timeframes: { '1h': { rsi: {} } } } },
    overrides: cellKinds.map((kind) => overrides[kind][page[kind]]),
  });
  configs.set(key, config);
  return config;
}

type Deed =
  | { readonly do: 'edit'; readonly kind: CellKind }
  | { readonly do: 'run' | 'begin' | 'cancel'; readonly kind: CellKind }
  /** The answer of a run that was asked for, of whichever version, late or twice. */
  | { readonly do: 'answer'; readonly kind: CellKind; readonly back: number; readonly ok: boolean };

const kinds = fc.constantFrom(...cellKinds);
const deeds: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ do: fc.constant('edit' as const), kind: kinds }),
  fc.record({ do: fc.constantFrom('run' as const, 'begin' as const, 'cancel' as const), kind: kinds }),
  fc.record({ do: fc.constant('answer' as const), kind: kinds, back: fc.nat(3), ok: fc.boolean() }),
);

/** The same told as a history: what was asked for, with what, and whether it was answered while it counted. */
interface History {
  readonly asked: { readonly version: number; page: Page | null }[];
  isOpen: boolean;
  last: { readonly page: Page; readonly ok: boolean } | null;
}

/** What a person would say, by looking at the two pages choice by choice. */
function expected(kind: CellKind, { last }: History, page: Page) {
  if (last === null) return { state: 'never' };
  const changed = cellKinds.filter((other) => last.page[other] !== page[other] && concerned[other].includes(kind));
  if (changed.length > 0) return { state: 'stale', changed };
  return { state: last.ok ? 'fresh' : 'failed' };
}

describe('the life of cells', () => {
  it('is what a plain history of runs and edits says, whatever comes late or twice', () => {
    fc.assert(
      fc.property(fc.array(deeds, { maxLength: 40 }), (all) => {
        let page = first;
        let version = 0;
        const lives = new Map<CellKind, CellLife<number>>(cellKinds.map((kind) => [kind, newLife()]));
        const histories = new Map<CellKind, History>(
          cellKinds.map((kind) => [kind, { asked: [], isOpen: false, last: null }]),
        );
        for (const deed of all) {
          const { kind } = deed;
          const history = histories.get(kind)!;
          const life = lives.get(kind)!;
          const newest = history.asked.at(-1);
          if (deed.do === 'edit') page = { ...page, [kind]: page[kind] === 0 ? 1 : 0 };
          else if (deed.do === 'run') {
            lives.set(kind, ask(life, ++version));
            history.asked.push({ version, page: null });
            history.isOpen = true;
          } else if (deed.do === 'begin' && newest) {
            lives.set(kind, begin(life, newest.version, cellInputs(kind, configOf(page))));
            if (history.isOpen) newest.page = page;
          } else if (deed.do === 'cancel') {
            lives.set(kind, abandon(life));
            history.isOpen = false;
          } else if (deed.do === 'answer') {
            const answered = history.asked.at(-1 - deed.back);
            if (!answered) continue;
            const ending = deed.ok
              ? { ok: true as const, result: answered.version }
              : { ok: false as const, code: 'internal', message: 'x' };
            lives.set(kind, settle(advance(life, answered.version, 0.5, 'reads'), answered.version, ending));
            if (answered === newest && history.isOpen && answered.page) {
              history.last = { page: answered.page, ok: deed.ok };
              history.isOpen = false;
            }
          }
          for (const other of cellKinds) {
            const { changed, ...want } = { changed: undefined, ...expected(other, histories.get(other)!, page) };
            const found = judge(other, lives.get(other)!, cellInputs(other, configOf(page)), null);
            expect([other, found.state]).toEqual([other, want.state]);
            if (found.state === 'stale' && changed) {
              const named = cellKinds.filter((each) => changed.includes(each));
              const isOwn = named.includes(other);
              expect(found.reason.startsWith('needs ')).toBe(!isOwn);
            }
            const running = lives.get(other)!.activity.state !== 'idle';
            expect([other, running]).toEqual([other, histories.get(other)!.isOpen]);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});

test('a cell says in which key it is stale, its own before those it needs, and no key that it does not read', () => {
  const told = (kind: CellKind, ...changed: readonly string[]) => {
    const of = (...some: readonly string[]) =>
      cellInputs(
        kind,
        requireConfig({ config: { features: { timeframes: { '1h': { rsi: {} } } } }, overrides: some }).config,
      );
    const life = settle(begin(ask(newLife<null>(), 1), 1, of()), 1, { ok: true, result: null });
    return judge(kind, life, of(...changed), null);
  };
  expect(told('features', 'features.timeframes.1h.rsi.period=21')).toEqual({
    state: 'stale',
    reason: 'features.timeframes.1h.rsi.period 14 → 21',
  });
  expect(told('model', 'features.timeframes.1h.rsi.period=21', 'train.epochs=3')).toEqual({
    state: 'stale',
    reason: 'needs features: features.timeframes.1h.rsi.period 14 → 21',
  });
  expect(
    told('features', 'features.timeframes.1h.rsi.period=21', 'data.split={train: 0.5, validation: 0.3, test: 0.2}'),
  ).toEqual({
    state: 'stale',
    reason: 'features.timeframes.1h.rsi.period 14 → 21',
  });
  expect(told('data', 'data.split={train: 0.5, validation: 0.3, test: 0.2}')).toEqual({ state: 'fresh' });
  expect(told('features', 'features.scaler=robust', 'loss.weights.ret=2', 'train.epochs=2')).toEqual({
    state: 'fresh',
  });
});

test('what was made of another file is stale, where it is known which', () => {
  const { config } = requireConfig({});
  const made = settle(begin(ask(newLife<null>(), 1), 1, cellInputs('targets', config, 'old')), 1, {
    ok: true,
    result: null,
  });
  const now = (data: string | null) => judge('targets', made, cellInputs('targets', config, data), null).state;
  expect([now('old'), now('new'), now(null)]).toEqual(['fresh', 'stale', 'fresh']);
});

test('a cell in the way is named, before all else', () => {
  const life = newLife<null>();
  const obstacle = { cell: 'features', why: 'has a problem' } as const;
  expect(judge('model', life, null, obstacle)).toEqual({ state: 'missing', ...obstacle });
});
