import type { Config } from '#core/config/config.ts';
import type { StepRecord } from '#core/steps/step-record.ts';
import type { Cache } from '#trainer/cache/cache.ts';
import { packContent, type PackedContent } from '#trainer/cache/content-file.ts';
import { identifySource } from '#trainer/data/identify.ts';
import type { LoadedBars } from '#trainer/data/load.ts';
import type { Roots } from '#trainer/data/locate.ts';
import { type BarsFacts, fromBarsContent, toBarsContent, toBarsFacts } from './bars-content.ts';
import type { KeptBars } from './kept-bars.ts';
import { dataKey } from './keys-of-steps.ts';
import { reused, saving, since } from './step-times.ts';

/** The bars of a configuration: their id, what is known of them, and how to get them. */
export interface FoundBars {
  readonly id: string;
  readonly facts: BarsFacts;
  read(): Promise<LoadedBars>;
  /** Of bars that were loaded just now. */
  readonly packed: PackedContent | null;
}

/** Bars that are kept. */
export interface WantedBars {
  readonly content: string;
  /** What loading them took; null where that is not known. */
  readonly seconds: number | null;
}

/** What the finder of bars tells, and what it leaves to others to wait for. */
interface BarsHooks {
  begun(): void;
  done(record: StepRecord): void;
  keeping(work: Promise<string | null>): void;
}

/** @throws AppError as KeptBars.read */
export async function findKeptBars(
  { content: id, seconds: loading }: WantedBars,
  kept: KeptBars,
  { done }: BarsHooks,
): Promise<FoundBars> {
  const began = performance.now();
  const facts = await kept.readFacts(id);
  const seconds = since(began);
  done({ ...ofKept, seconds, saved: loading === null ? null : saving(loading, seconds) });
  return { id, facts, read: () => kept.read(id), packed: null };
}

export const ofKept = { step: 'data', from: 'kept', why: 'the bars that were kept' } as const;

/** The bars of the file as it is: from the cache where its bytes were loaded before. @throws AppError as loadBars */
export async function findFileBars(
  config: Config,
  cache: Cache,
  { roots }: Roots,
  hooks: BarsHooks,
): Promise<FoundBars> {
  const began = performance.now();
  const identity = await identifySource(config.data, { roots });
  const load = async (why: string): Promise<FoundBars> => {
    hooks.begun();
    const { loadBars } = await import('#trainer/data/load.ts');
    const extra = Object.keys(config.features.columns);
    const loaded = await loadBars(config.data, { roots, extra, identity });
    const seconds = since(began);
    const packed = await packContent(toBarsContent(loaded));
    hooks.keeping(cache.keep(dataKey(config, identity, loaded.fingerprint), packed, seconds));
    hooks.done({ step: 'data', from: 'computed', why, seconds, saved: null });
    const { bars: _, ...facts } = loaded;
    return { id: packed.id, facts, read: () => Promise.resolve(loaded), packed };
  };
  const key = dataKey(config, identity, identity.fingerprint);
  const found = await cache.findMeta(key);
  if (found.state === 'miss') return load(found.why);
  const seconds = since(began);
  hooks.done({ step: 'data', from: 'cache', why: reused, seconds, saved: saving(found.seconds, seconds) });
  const read = async () => {
    const whole = await cache.find(key);
    return whole.state === 'hit' ? fromBarsContent(whole.value) : (await load(whole.why)).read();
  };
  return { id: found.id, facts: toBarsFacts(found.value), read, packed: null };
}
