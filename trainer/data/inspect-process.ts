/** The program behind inspect.ts: one request as JSON on stdin, one answer on stdout, then it ends. */
import { text } from 'node:stream/consumers';
import { sliceBars } from '#core/bars/bars.ts';
import { findBoundaries } from '#core/bars/boundaries.ts';
import { encodeBars } from '#core/bars/bars-buffer.ts';
import { AppError } from '#core/error.ts';
import type { LeakReport } from '#core/leaks/leak-report.ts';
import type { CheckRequest, ReadAnswer, ReadRequest } from './inspect.ts';
import { loadBars, loadPreview } from './load.ts';

const answer = async (): Promise<{ head: ReadAnswer; bytes?: Uint8Array }> => {
  const request = JSON.parse(await text(process.stdin)) as ReadRequest;
  if (request.task === 'check') return { head: { ok: true, result: await check(request) } };
  const { data, roots } = request;
  if (request.task === 'preview') {
    return { head: { ok: true, result: await loadPreview(data, { roots }) } };
  }
  const { bars, report, fingerprint, files } = await loadBars(data, { roots, extra: request.columns });
  const last = sliceBars(bars, Math.max(0, bars.time.length - request.maxRows), bars.time.length);
  const boundaries = findBoundaries(bars, request.data);
  const result = { report, boundaries, fingerprint, files, step: bars.step, rows: last.time.length };
  return { head: { ok: true, result }, bytes: encodeBars(last, request.columns) };
};

/** Tells the parent how far it is, a hundredth at a time. */
async function check({ config, roots }: CheckRequest): Promise<LeakReport> {
  const { findLeaks, thorough } = await import('#core/leaks/find-leaks.ts');
  const { bars } = await loadBars(config.data, { roots, extra: Object.keys(config.features.columns) });
  let told = 0;
  const tell = (share: number) => {
    const hundredths = Math.floor(100 * share);
    if (hundredths > told || share === 0) process.send?.((told = hundredths) / 100);
  };
  tell(0);
  return findLeaks({ bars, config, effort: thorough, progress: tell });
}

const { head, bytes } = await answer().catch((error: unknown) => {
  if (!(error instanceof AppError)) throw error;
  const { code, message, issues } = error;
  return { head: { ok: false, code, message, issues } as const, bytes: undefined };
});
process.stdout.write(`${JSON.stringify(head)}\n`);
if (bytes) process.stdout.write(bytes);
