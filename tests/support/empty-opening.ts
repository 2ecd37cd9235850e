import { emptyRunView } from '#core/run/reduce.ts';
import type { RunListener } from '#lib/live/live-source.ts';
import type { FeedEffects } from '#lib/run/feed-effects.ts';

const answers: Readonly<Record<string, object>> = {
  view: { view: emptyRunView() },
  metrics: { run: 'x', keys: [], series: {}, lastSeq: 0 },
  system: { samples: [], lastSeq: 0 },
  logs: { lines: [], next: 0, lastSeq: 0 },
};

/** What a feed asks of a run without events, and who hears what happens then. */
export function emptyOpening(): Pick<FeedEffects, 'fetch' | 'live'> & { readonly followed: Promise<RunListener> } {
  const followed = Promise.withResolvers<RunListener>();
  const subscription = { close: () => undefined, retry: () => undefined };
  return {
    fetch: async (url) => Response.json(answers[/\/x\/(\w+)/.exec(url)?.[1] ?? '']),
    live: () => ({
      followRun: (_id, _since, listener) => {
        followed.resolve(listener);
        return subscription;
      },
      followList: () => subscription,
    }),
    followed: followed.promise,
  };
}
