import { setTimeout as sleep } from 'node:timers/promises';
import type { RunDetail } from '#core/run/summary.ts';
import { answer, type Client } from './client.ts';

/** Ms between two looks at a run, and the most of them. */
const pause = 100;
const mostLooks = 200;

/** The run once `isSo`, or as it is some twenty seconds later. */
export async function waitForRun(client: Client, id: string, isSo: (run: RunDetail) => boolean): Promise<RunDetail> {
  for (let look = 1; ; look++) {
    const run = await answer(client.runs[':id'].$get({ param: { id } }));
    if (isSo(run) || look === mostLooks) return run;
    await sleep(pause);
  }
}
