import type { RunState } from '#core/run/state.ts';
import type { IconName } from './icon-paths.ts';

/** How a state is shown: always word, colour and icon together. */
interface StateLook {
  readonly word: string;
  readonly icon: IconName;
  readonly tone: 'neutral' | 'active' | 'good' | 'warn' | 'bad';
  /** Stands before the page's title. */
  readonly sign: string;
}

const stateLooks: Readonly<Record<RunState, StateLook>> = {
  queued: { word: 'queued', icon: 'clock', tone: 'neutral', sign: '…' },
  starting: { word: 'starting', icon: 'spark', tone: 'active', sign: '▶' },
  running: { word: 'running', icon: 'play', tone: 'active', sign: '▶' },
  paused: { word: 'paused', icon: 'pause', tone: 'warn', sign: '‖' },
  completed: { word: 'completed', icon: 'check', tone: 'good', sign: '✓' },
  failed: { word: 'failed', icon: 'cross', tone: 'bad', sign: '✕' },
  cancelled: { word: 'cancelled', icon: 'ban', tone: 'neutral', sign: '■' },
  interrupted: { word: 'interrupted', icon: 'bolt', tone: 'warn', sign: '!' },
};

const stalledLook: StateLook = { word: 'stalled', icon: 'alert', tone: 'warn', sign: '?' };

/** How a run in this state is shown; `stalled`: it should be at work and says nothing. */
export function lookOf(state: RunState, stalled = false): StateLook {
  return stalled && state === 'running' ? stalledLook : stateLooks[state];
}

const colours = { neutral: '#6a7079', active: '#1d5cbf', good: '#16753f', warn: '#b77400', bad: '#b0241c' } as const;

/** The page's icon in the colour of a state's look, as a data address; without one the plain mark. */
export function faviconOf(look: Pick<StateLook, 'tone'> | null): string {
  const colour = colours[look?.tone ?? 'active'];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="${colour}"/><path d="M6 22l5-6 4 3 5-9 6 5" fill="none" stroke="#fff" stroke-width="2.8" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
