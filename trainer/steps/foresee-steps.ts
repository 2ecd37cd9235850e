import type { Config } from '#core/config/config.ts';
import type { DatasetReport } from '#core/dataset/dataset.ts';
import type { Evaluation } from '#core/run/evaluation.ts';
import { reusedWhy } from '#core/steps/reuse-words.ts';
import type { StepRecord } from '#core/steps/step-record.ts';
import { identifySource, type SourceIdentity } from '#trainer/data/identify.ts';
import { toSamplesFacts } from './samples-content.ts';
import { dataKey, featuresKey, samplesKey } from './step-cell-keys.ts';
import type { StepsOptions } from './steps.ts';

/** How a step would go. */
export interface ForeseenStep extends Pick<StepRecord, 'step' | 'why'> {
  readonly isReused: boolean;
}

/** What would be worked out, and what is there already. */
export interface Foresight {
  readonly steps: readonly ForeseenStep[];
  /** Of the data as it is now. */
  readonly fingerprint: string;
  /** What is known of the samples, where they are there. */
  readonly samples: { readonly report: DatasetReport; readonly evaluation: Evaluation } | null;
}

interface ForesightOptions extends Pick<StepsOptions, 'cache' | 'kept' | 'bars' | 'roots'> {
  /** Finds and hashes the files of a source. */
  readonly identify?: typeof identifySource;
}

/**
 * How the steps of a configuration would go, computing nothing: those behind one that must be computed must be as well.
 * @throws AppError of a source that cannot be found
 */
export async function foreseeSteps(config: Config, options: ForesightOptions): Promise<Foresight> {
  const { cache } = options;
  const data = await foreseeData(config, options);
  if (data.bars === null) {
    const behind = (step: StepRecord['step']) => ({ step, isReused: false, why: 'needs data, which is read anew' });
    const steps = [{ step: 'data', isReused: false, why: data.why }, behind('features'), behind('samples')] as const;
    return { steps, fingerprint: data.fingerprint, samples: null };
  }
  const [samples, features] = await Promise.all([
    cache.findMeta(samplesKey(config, data.bars)),
    cache.findMeta(featuresKey(config, data.bars)),
  ]);
  const isThere = samples.state === 'hit';
  return {
    steps: [
      { step: 'data', isReused: true, why: data.why },
      // Where the samples are there nobody asks for the features.
      foreseen('features', isThere || features.state === 'hit', features),
      foreseen('samples', isThere, samples),
    ],
    fingerprint: data.fingerprint,
    samples: isThere ? toSamplesFacts(samples.value) : null,
  };
}

function foreseen(
  step: StepRecord['step'],
  isReused: boolean,
  found: { readonly state: 'hit' } | { readonly state: 'miss'; readonly why: string },
): ForeseenStep {
  return { step, isReused, why: isReused || found.state === 'hit' ? reusedWhy : found.why };
}

/** The id of the bars, where they are there. */
async function foreseeData(config: Config, options: ForesightOptions) {
  const { cache, kept, bars, roots, identify = identifySource } = options;
  if (bars !== null) {
    const { fingerprint } = await kept.readFacts(bars);
    return { bars, fingerprint, why: 'the bars that were kept' };
  }
  const identity: SourceIdentity = await identify(config.data, { roots });
  const { fingerprint } = identity;
  const found = await cache.findMeta(dataKey(config, identity));
  return found.state === 'hit'
    ? { bars: found.id, fingerprint, why: reusedWhy }
    : { bars: null, fingerprint, why: found.why };
}
