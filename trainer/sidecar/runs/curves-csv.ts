import { loopTurn, rowsATurn } from '#trainer/sidecar/db/loop-turn.ts';
import type { Point } from '#trainer/sidecar/db/point-rows.ts';
import type { Curve } from './curve.ts';

/** The text of `metrics.csv` in pieces: its columns, and its order, that of steps. */
export async function* curvesCsv(curves: AsyncIterable<Curve> | Iterable<Curve>): AsyncGenerator<string, void, void> {
  const heads: CurveHead[] = [];
  for await (const curve of curves) heads.push(new CurveHead(curve));
  try {
    yield 'step,epoch,attempt,metric,value\n';
    for (let open = heads; ;) {
      let lines = '';
      let rows = 0;
      while (rows < rowsATurn) {
        for (const head of open) if (head.point === undefined) await head.turnPage();
        open = open.filter(({ point }) => point !== undefined);
        if (open.length === 0) return yield lines;
        const step = Math.min(...open.map(({ point }) => point?.step ?? Infinity));
        for (const head of open) {
          if (head.point?.step !== step) continue;
          lines += head.takeLine(head.point);
          rows++;
        }
      }
      yield lines;
      await loopTurn();
    }
  } finally {
    for (const head of heads) await head.close();
  }
}

/** Where the reading of a curve stands. */
class CurveHead {
  readonly #cell: string;
  readonly #pages: AsyncIterator<readonly Point[]>;
  #page: readonly Point[] = [];
  #at = 0;

  constructor({ key, pages }: Curve) {
    this.#cell = cell(key);
    this.#pages = pages()[Symbol.asyncIterator]();
  }

  /** The next point; undefined where a page, or the curve, is at its end. */
  get point(): Point | undefined {
    return this.#page.at(this.#at);
  }

  async turnPage(): Promise<void> {
    const { value, done } = await this.#pages.next();
    this.#page = done === true ? [] : value;
    this.#at = 0;
  }

  takeLine({ step, epoch, attempt, value }: Point): string {
    this.#at++;
    return `${step},${epoch},${attempt},${this.#cell},${value}\n`;
  }

  async close(): Promise<void> {
    await this.#pages.return?.();
  }
}

/** A name that a spreadsheet would take for a formula, or that holds a separator, is quoted and made harmless. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
