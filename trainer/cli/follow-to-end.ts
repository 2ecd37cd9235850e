import { emptyRunView, reduceRun, type RunView } from '#core/run/reduce.ts';
import { stalledAfter } from '#core/run/stalled.ts';
import { hasEnded, isResumable } from '#core/run/state.ts';
import { answer, type Client } from './client.ts';
import { followRun } from './follow.ts';
import type { Output } from './output.ts';
import { progressLine } from './progress.ts';
import { endLines } from './result-lines.ts';

/** Two signals within so many ms are one press: the terminal and a wrapper as npx may each send it. */
const onePress = 500;

/**
 * Shows a run until it ends, from the event after `since` on, and answers the exit code: 0 only where it completed. The
 * first Ctrl+C stops the run at its next step, with its last checkpoint; the second ends the showing at once.
 */
export async function followToEnd(
  client: Client,
  id: string,
  { json, output, since = 0 }: { readonly json: boolean; readonly output: Output; readonly since?: number },
): Promise<number> {
  const leave = new AbortController();
  let pressed: number | null = null;
  const interrupt = () => {
    const now = performance.now();
    if (pressed !== null && now - pressed < onePress) return;
    if (pressed !== null) return leave.abort();
    pressed = now;
    output.note(`stopping run ${id} at its next step, with a checkpoint; Ctrl+C again to leave at once`);
    answer(client.runs[':id'].cancel.$post({ param: { id } })).catch((error: unknown) => {
      output.note(error instanceof Error ? error.message : String(error));
    });
  };
  process.on('SIGINT', interrupt);
  let view: RunView = emptyRunView();
  let silence: NodeJS.Timeout | undefined;
  const awaitWords = () => {
    clearTimeout(silence);
    if (view.status !== 'running' || json) return;
    const words = `no word from the trainer for ${stalledAfter / 1000} s: it hangs or is suspended; Ctrl+C stops the run`;
    silence = setTimeout(() => output.note(words), stalledAfter);
  };
  try {
    if (!json) output.note(`run ${id}`);
    for await (const event of followRun(client, id, since, leave.signal)) {
      view = reduceRun(view, event);
      awaitWords();
      if (!json) {
        if (event.type === 'log' && event.level !== 'debug') output.note(event.message);
        if (event.type === 'status')
          output.note(`${event.state}${event.reason === undefined ? '' : `: ${event.reason}`}`);
        if (event.type === 'progress') output.progress(progressLine(view));
      }
      if (hasEnded(view.status)) break;
    }
  } finally {
    process.removeListener('SIGINT', interrupt);
    clearTimeout(silence);
    leave.abort();
  }
  if (!hasEnded(view.status)) {
    output.note(`run ${id} is still being stopped; how it ended: almanac show ${id}`);
    return 130;
  }
  const run = await answer(client.runs[':id'].$get({ param: { id } }));
  if (json) output.json(run);
  else for (const line of endLines(view, run.number)) output.print(line);
  if (isResumable(run.status) && !json) output.note(`to go on from its last checkpoint: almanac resume R${run.number}`);
  if (run.status === 'completed') return 0;
  return pressed === null ? 1 : 130;
}
