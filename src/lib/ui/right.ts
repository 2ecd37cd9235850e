import { getContext, setContext } from 'svelte';

/** What the person before this page may do. */
interface PageRight {
  /** False for those who only look: the server refuses every change, so nothing offers one. */
  readonly mayChange: boolean;
  /** A token is asked for here, so there is a session to end. */
  readonly asksToken: boolean;
}

const key = Symbol('right');
const everybody: PageRight = { mayChange: true, asksToken: false };

/** For the layout, before anything on the page. */
export function provideRight(right: PageRight): void {
  setContext(key, right);
}

export function getRight(): PageRight {
  return getContext<PageRight | undefined>(key) ?? everybody;
}

/** Said on what is not offered. */
export const looksOnly = 'You are signed in to look: this would change something';

/** Ends the session of this browser. */
export async function leave(): Promise<void> {
  await fetch('/sign-out', { method: 'POST', redirect: 'manual' }).catch(() => undefined);
  location.assign('/sign-in');
}
