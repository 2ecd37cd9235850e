import type { About } from './measurer.ts';
import { ratioOf, type Spread, spreadOf } from './spread.ts';

/** One program's measurements of one network. */
export interface Series {
  /** An engine of ours, `shipped`, `pytorch` or `keras`. */
  readonly name: string;
  readonly about: About;
  /** Samples a second, one a repeat. */
  readonly rates: readonly number[];
}

/** A line of `--json`: one of our engines beside one peer, or alone (the peer is null). */
export interface ThroughputRow {
  readonly model: string;
  readonly variant: string;
  readonly engine: string;
  /** Medians of the repeats. */
  readonly samplesPerSecond: number;
  readonly peer: string | null;
  readonly peerSamplesPerSecond: number | null;
  /** Median over the repeats of ours/peer. */
  readonly ratio: number | null;
  readonly spread: { readonly samplesPerSecond: Spread; readonly peer: Spread | null; readonly ratio: Spread | null };
  readonly parameters: number;
  /** Parameters of the peer beyond ours: what → how many. */
  readonly peerDifferences: Readonly<Record<string, number>>;
  readonly batch: number;
  readonly repeats: number;
  readonly device: string;
  readonly version: string;
  readonly peerDevice: string | null;
  readonly peerVersion: string | null;
  readonly peerHow: string | null;
  /** The same model on the wasm backend without our kernels, where that was asked for. */
  readonly shippedSamplesPerSecond: number | null;
}

/** Every engine beside every peer; an engine alone where there is no peer. */
export function throughputRows(
  { model, variant, batch }: { readonly model: string; readonly variant: string; readonly batch: number },
  engines: readonly Series[],
  peers: readonly Series[],
  shipped?: Series,
): ThroughputRow[] {
  return engines.flatMap((ours) =>
    (peers.length === 0 ? [undefined] : peers).map((peer): ThroughputRow => {
      const samplesPerSecond = spreadOf(ours.rates);
      const theirs = peer === undefined ? null : spreadOf(peer.rates);
      const ratio = peer === undefined ? null : ratioOf(ours.rates, peer.rates);
      return {
        model,
        variant,
        engine: ours.name,
        samplesPerSecond: samplesPerSecond.median,
        peer: peer?.name ?? null,
        peerSamplesPerSecond: theirs?.median ?? null,
        ratio: ratio?.median ?? null,
        spread: { samplesPerSecond, peer: theirs, ratio },
        parameters: ours.about.parameters,
        peerDifferences: peer?.about.differences ?? {},
        batch,
        repeats: ours.rates.length,
        device: ours.about.device,
        version: ours.about.version,
        peerDevice: peer?.about.device ?? null,
        peerVersion: peer?.about.version ?? null,
        peerHow: peer?.about.how ?? null,
        shippedSamplesPerSecond: shipped === undefined ? null : spreadOf(shipped.rates).median,
      };
    }),
  );
}
