import type { Config } from '#core/config/config.ts';
import { AppError } from '#core/error.ts';
import type { CheckLine } from '#core/leaks/check-answer.ts';
import type { DataDesk } from './data-desk.ts';

/**
 * A check as lines of JSON while it goes on. Whatever is wrong with the data is thrown before the first line, when a
 * refusal can still be a status; later it is the last line.
 */
export async function checkLines(
  desk: Pick<DataDesk, 'check'>,
  config: Config,
  left: AbortSignal,
  log: (error: unknown) => void,
): Promise<ReadableStream<Uint8Array>> {
  const gone = new AbortController();
  left.addEventListener('abort', () => gone.abort(left.reason), { once: true });
  let begin = () => {};
  const begun = new Promise<void>((resolve) => (begin = resolve));
  let progress = (_share: number) => {};
  const report = desk.check(config, {
    signal: gone.signal,
    progress: (share) => {
      begin();
      progress(share);
    },
  });
  await Promise.race([begun, report]);
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const say = (line: CheckLine) => {
        if (!gone.signal.aborted) controller.enqueue(encoder.encode(`${JSON.stringify(line)}\n`));
      };
      progress = (share) => say({ share });
      report
        .then((found) => say({ report: found }))
        .catch((error: unknown) => {
          const isOurs = error instanceof AppError;
          if (!isOurs) log(error);
          const { code, message, issues } = isOurs ? error : new AppError('internal', 'The check failed.');
          say({ error: { code, message, issues: [...issues] } });
        })
        .finally(() => {
          if (!gone.signal.aborted) controller.close();
        });
    },
    cancel: () => gone.abort(new AppError('state_conflict', 'Nobody waits for this check any more.')),
  });
}
