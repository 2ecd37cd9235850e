import { z } from 'zod';
import type { Bars } from '#core/bars/bars.ts';
import type { CleaningReport } from '#core/bars/cleaning-report.ts';
import type { Content, NumberArray } from '#trainer/cache/content-file.ts';
import type { LoadedBars } from '#trainer/data/load.ts';

const columns = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

const metaSchema = z.object({
  kind: z.literal('bars'),
  step: z.number(),
  extra: z.array(z.string()),
  fingerprint: z.string(),
  files: z.array(z.string()),
  report: z.custom<CleaningReport>((value) => typeof value === 'object' && value !== null),
});

/** What is known of bars without reading them. */
export type BarsFacts = Omit<LoadedBars, 'bars'>;

/** Loaded bars as content: their columns, and with them the report and what they were read from. */
export function toBarsContent({ bars, report, fingerprint, files }: LoadedBars): Content {
  const extra = Object.keys(bars.extra);
  return {
    meta: { kind: 'bars', step: bars.step, extra, fingerprint, files, report },
    arrays: {
      ...Object.fromEntries(columns.map((name) => [name, bars[name]])),
      ...{ segment: bars.segment, filled: bars.filled },
      ...Object.fromEntries(extra.map((name, k) => [`extra ${k}`, bars.extra[name]])),
    },
  };
}

/** @throws where it is the content of something else */
export function fromBarsContent({ meta, arrays }: Content): LoadedBars {
  const { step, extra, fingerprint, files, report } = metaSchema.parse(meta);
  const [time, open, high, low, close, volume] = columns.map((name) => requireArray(arrays, name, Float64Array));
  const bars: Bars = {
    ...{ time, open, high, low, close, volume },
    extra: Object.fromEntries(extra.map((name, k) => [name, requireArray(arrays, `extra ${k}`, Float64Array)])),
    segment: requireArray(arrays, 'segment', Int32Array),
    filled: requireArray(arrays, 'filled', Uint8Array),
    step,
  };
  return { bars, report, fingerprint, files };
}

/** @throws where it is said of something else */
export function toBarsFacts(meta: unknown): BarsFacts {
  const { report, fingerprint, files } = metaSchema.parse(meta);
  return { report, fingerprint, files };
}

/** The array of this name and kind. @throws where there is none */
export function requireArray<Kind extends NumberArray>(
  arrays: Content['arrays'],
  name: string,
  kind: new (length: number) => Kind,
): Kind {
  const array = Object.hasOwn(arrays, name) ? arrays[name] : undefined;
  if (array instanceof kind) return array;
  throw new Error(`Expected an array ${name} of ${kind.name}.`);
}
