import type { NaiveSource } from './naive-levels.ts';
import type { RunSession } from './run-session.svelte.ts';

/** What a run's page knows of naive forecasts: its result, before that the shares of up in its data. */
export function naiveSource(session: RunSession): NaiveSource {
  return {
    results: session.feed.view.results,
    balance: session.report?.dataset.balance,
    loss: session.detail.loss,
  };
}
