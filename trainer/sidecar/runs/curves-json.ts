import { type EventNumber, toEventNumber } from '#core/run/event.ts';
import type { Point } from '#trainer/sidecar/db/point-rows.ts';
import type { Curve } from './curve.ts';

/** When the events of these seqs were written, ms UTC. */
type TimesOf = (seqs: readonly number[]) => Promise<readonly number[]>;

/**
 * The text of a MetricsAnswer, whatever its size in pieces: column after column, each from a reading of its own, so that
 * no curve is ever whole in memory.
 * @param head of the answer: all but `series`.
 * @param isSmoothed whether the points bear what smoothing made of them.
 */
export async function* curvesJson(
  head: { readonly run: string; readonly keys: readonly string[]; readonly lastSeq: number },
  curves: AsyncIterable<Curve> | Iterable<Curve>,
  timesOf: TimesOf,
  isSmoothed = false,
): AsyncGenerator<string, void, void> {
  const columns = {
    step: async (points) => points.map(({ step }) => step),
    epoch: async (points) => points.map(({ epoch }) => toEventNumber(epoch)),
    value: async (points) => points.map(({ value }) => toEventNumber(value)),
    time: async (points) => (await timesOf(points.map(({ seq }) => seq))).map(toEventNumber),
    attempt: async (points) => points.map(({ attempt }) => attempt),
    ...(isSmoothed && {
      smooth: async (points: readonly Point[]) => points.map(({ smooth = NaN }) => toEventNumber(smooth)),
    }),
  } satisfies Record<string, (points: readonly Point[]) => Promise<readonly EventNumber[]>>;
  yield `${JSON.stringify(head).slice(0, -1)},"series":{`;
  let isFirstCurve = true;
  for await (const { key, pages } of curves) {
    yield `${isFirstCurve ? '' : ','}${JSON.stringify(key)}:`;
    isFirstCurve = false;
    let before = '{';
    for (const [name, column] of Object.entries(columns)) {
      yield `${before}"${name}":[`;
      before = '],';
      let isFirstPage = true;
      for await (const page of pages()) {
        yield `${isFirstPage ? '' : ','}${JSON.stringify(await column(page)).slice(1, -1)}`;
        isFirstPage = false;
      }
    }
    yield ']}';
  }
  yield '}}';
}
