/** The program behind inspect.ts: one request as JSON on stdin, one answer on stdout, then it ends. */
import { sliceBars } from '#core/bars/bars.ts';
import { findBoundaries } from '#core/bars/boundaries.ts';
import { encodeBars } from '#core/bars/bars-buffer.ts';
import type { LeakReport } from '#core/leaks/leak-report.ts';
import { answerRequest } from '#trainer/child/child-answer.ts';
import type { CheckRequest, ReadRequest } from './inspect.ts';
import { loadBars, loadPreview } from './load.ts';

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

await answerRequest<ReadRequest>(async (request) => {
  if (request.task === 'check') return { result: await check(request) };
  const { data, roots } = request;
  if (request.task === 'preview') return { result: await loadPreview(data, { roots }) };
  const { bars, report, fingerprint, files } = await loadBars(data, { roots, extra: request.columns });
  const last = sliceBars(bars, Math.max(0, bars.time.length - request.maxRows), bars.time.length);
  const boundaries = findBoundaries(bars, request.data);
  const result = { report, boundaries, fingerprint, files, step: bars.step, rows: last.time.length };
  return { result, bytes: encodeBars(last, request.columns) };
});
