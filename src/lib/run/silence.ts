import { stalledAfter } from '#core/run/stalled.ts';
import { browserEffects, type FeedEffects } from './feed-effects.ts';

/** Tells, once nothing has been heard for 30 s, since when that is, as ISO time. What it returns ends the waiting. */
export function awaitSilence(tell: (since: string) => void, wait: FeedEffects['wait'] = browserEffects.wait) {
  const since = new Date().toISOString();
  return wait(stalledAfter, () => tell(since));
}
