import type { Confusion } from '#core/run/result.ts';
import { normalCdf } from './normal.ts';

/** Outcome of a one-sided test: small p where the forecast is better than can be luck. */
export interface TestOutcome {
  readonly statistic: number;
  readonly p: number;
}

/**
 * Whether sides are forecast better than independence explains (M. H. Pesaran and A. Timmermann, A simple nonparametric
 * test of predictive performance, JBES 10, 1992), with `nEff` independent rows. S = (P − P*)/√(V(P) − V(P*)) is normal
 * where forecast and outcome are independent: P is the share of hits, P* what the shares of up alone would give. Null where
 * either never changes side, or nEff is not above 0.
 */
export function pesaranTimmermann(
  { upHits, upMisses, downHits, downMisses }: Confusion,
  nEff: number,
): TestOutcome | null {
  const rows = upHits + upMisses + downHits + downMisses;
  const hit = (upHits + downHits) / rows;
  const came = (upHits + downMisses) / rows;
  const said = (upHits + upMisses) / rows;
  const expected = came * said + (1 - came) * (1 - said);
  const ofHit = (expected * (1 - expected)) / nEff;
  const spread = (share: number) => share * (1 - share);
  const ofExpected =
    ((2 * came - 1) ** 2 * spread(said)) / nEff +
    ((2 * said - 1) ** 2 * spread(came)) / nEff +
    (4 * spread(said) * spread(came)) / nEff ** 2;
  const variance = ofHit - ofExpected;
  if (!(nEff > 0) || !(spread(said) > 0) || !(spread(came) > 0) || !(variance > 0)) return null;
  const statistic = (hit - expected) / Math.sqrt(variance);
  return { statistic, p: normalCdf(-statistic) };
}
