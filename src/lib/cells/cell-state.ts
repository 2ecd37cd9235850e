import { countWords } from '#core/count-words.ts';
import { type Group, groups } from '#core/config/config.ts';
import type { Staleness } from '#core/notebook/graph.ts';
import type { RunState } from '#core/run/state.ts';
import type { Obstacle } from '#lib/document/output.ts';
import type { IconName } from '#lib/ui/icon-paths.ts';

/** What a cell's header says of it: a word, its colour and icon, and the reason on hover. */
export interface CellState {
  readonly word: string;
  readonly icon: IconName;
  readonly tone: 'neutral' | 'good' | 'bad' | 'active' | 'changed';
  readonly reason: string;
}

/** A finished run that the page is compared with, and what that says of one cell. */
interface Compared {
  /** As shown, e.g. "R12". */
  readonly run: string;
  readonly staleness: Staleness;
}

/** What is known of a cell on a notebook's page. */
interface CellFacts {
  /** Problems in it. */
  readonly errors: number;
  /** Another cell that it needs and that is in its way. */
  readonly waitsFor?: Obstacle | null;
  /** Whether the notebook leaves it to its defaults. */
  readonly isDefault?: boolean;
  /** Why its data, features or labels cannot be made. */
  readonly trouble?: string | null;
  /** Whether what stands under it is on its way. */
  readonly isComputing?: boolean;
  /** Whether it still says what the notebook's last finished run was made of. */
  readonly compared?: Compared | null;
}

/** A cell on a notebook's page: it is called ready when nothing that it needs has a problem, and not before that is known. */
export function notebookCellState({
  errors,
  waitsFor = null,
  isDefault = false,
  trouble = null,
  isComputing = false,
  compared = null,
}: CellFacts): CellState {
  if (errors > 0) return invalid(errors);
  if (trouble !== null) return { word: 'would fail', icon: 'alert', tone: 'bad', reason: trouble };
  if (waitsFor !== null) return waits(waitsFor);
  if (compared?.staleness.state === 'stale') {
    const reason = `Stale against ${compared.run}: ${compared.staleness.reason}`;
    return { word: 'stale', icon: 'pencil', tone: 'changed', reason };
  }
  if (compared?.staleness.state === 'fresh' && !isDefault) {
    return { word: 'fresh', icon: 'check', tone: 'good', reason: `As in ${compared.run}` };
  }
  if (isComputing) {
    return {
      word: 'computing',
      icon: 'clock',
      tone: 'neutral',
      reason: 'What its output comes to is being worked out',
    };
  }
  if (isDefault) {
    return {
      word: 'defaults',
      icon: 'list',
      tone: 'neutral',
      reason: 'The notebook has no such cell, so its defaults hold; the first change adds it',
    };
  }
  return { word: 'ready', icon: 'check', tone: 'neutral', reason: 'Valid; it runs when you press Run' };
}

/** The cell whose key a failure names ("features.timeframes.1h: Expected …"); null where it names none. */
export function blamedCell(reason: string | null): Group | null {
  return groups.find((group) => reason?.startsWith(`${group}.`)) ?? null;
}

/** What is known of a cell on a run's page; the problems are those of a fork's draft. */
interface RunCellFacts extends Pick<CellFacts, 'errors' | 'waitsFor'> {
  /** Keys in which a draft differs. */
  readonly changedKeys: readonly string[];
  readonly status: RunState;
  readonly group: Group;
  /** See above. */
  readonly blamed?: Group | null;
  /** The run that this one was forked from, e.g. "R9", and what differs from it in this cell, in words; null for a run without one. */
  readonly parent?: { readonly label: string; readonly changes: readonly string[] } | null;
}

/** A cell on a run's page: frozen as it ran, or changed by the draft of a fork. */
export function runCellState({
  errors,
  waitsFor = null,
  changedKeys,
  status,
  group,
  blamed = null,
  parent = null,
}: RunCellFacts): CellState {
  if (errors > 0) return invalid(errors);
  if (waitsFor !== null) return waits(waitsFor);
  if (changedKeys.length > 0) {
    return {
      word: 'changed',
      icon: 'pencil',
      tone: 'changed',
      reason: `Differs from the run: ${changedKeys.join(', ')}`,
    };
  }
  const frozen = {
    word: 'frozen',
    icon: 'check',
    tone: 'neutral',
    reason: 'As it ran; an edit makes a fork and leaves this run as it is',
  } as const;
  if (status === 'failed' && blamed === group) {
    return { word: 'failed', icon: 'cross', tone: 'bad', reason: 'See the reason above' };
  }
  if (group !== 'train') return besideParent(parent) ?? frozen;
  switch (status) {
    case 'queued':
      return { word: 'queued', icon: 'clock', tone: 'neutral', reason: 'Waits for a free device' };
    case 'starting':
    case 'running':
      return { word: 'running', icon: 'spark', tone: 'active', reason: 'Trains now' };
    case 'paused':
      return { word: 'paused', icon: 'pause', tone: 'active', reason: 'Paused; its process keeps its device' };
    case 'completed':
      return { word: 'done', icon: 'check', tone: 'good', reason: 'Trained to its end' };
    case 'failed':
      return blamed === null
        ? { word: 'failed', icon: 'cross', tone: 'bad', reason: 'See the reason above' }
        : { word: 'not reached', icon: 'ban', tone: 'neutral', reason: `The run ended at ${blamed}` };
    case 'cancelled':
    case 'interrupted':
      return { word: status, icon: 'ban', tone: 'neutral', reason: 'Ended before its last epoch' };
  }
}

/** A cell of a child beside its parent's; null where there is none. */
function besideParent(parent: RunCellFacts['parent']): CellState | null {
  if (!parent) return null;
  const { label, changes } = parent;
  const still = 'As it ran; an edit makes a fork and leaves this run as it is';
  if (changes.length === 0) {
    return {
      word: `as ${label}`,
      icon: 'check',
      tone: 'neutral',
      reason: `Nothing in it differs from ${label}. ${still}`,
    };
  }
  return {
    word: 'changed',
    icon: 'diamond',
    tone: 'changed',
    reason: `Against ${label}: ${changes.join(', ')}. ${still}`,
  };
}

function waits({ cell, why }: Obstacle): CellState {
  return { word: `waits for ${cell}`, icon: 'clock', tone: 'neutral', reason: `Not computed: ${cell} ${why}` };
}

function invalid(errors: number): CellState {
  const word = countWords(errors, 'problem');
  return { word, icon: 'alert', tone: 'bad', reason: 'It cannot run like this; see below' };
}
