import type { Activity, Validity } from '#core/notebook/cell-life.ts';
import { countWords } from '#core/count-words.ts';
import { type Group, groups } from '#core/config/config.ts';
import type { Staleness } from '#core/notebook/graph.ts';
import { assertNever } from '#core/error.ts';
import type { RunState } from '#core/run/state.ts';
import type { CellReading } from '#lib/api/cells.ts';
import type { Obstacle } from '#lib/document/output.ts';
import { formatDuration } from '#lib/ui/format.ts';
import type { IconName } from '#lib/ui/icon-paths.ts';

/**
 * What a cell's header says of it: whether what stands under it is what it says (a word, its colour and icon, the reason on
 * hover), and what it does.
 */
export interface CellState {
  readonly word: string;
  readonly icon: IconName;
  readonly tone: 'neutral' | 'good' | 'bad' | 'active' | 'changed';
  readonly reason: string;
  /** In words: "idle", "running 40 %"; absent where a cell is frozen. */
  readonly activity?: string;
  /** Said in full under the header; absent for nothing. */
  readonly line?: string;
}

/** What a person can have a cell do. */
export interface CellControls {
  /** Runs it, and first what it needs. */
  run(): void;
  /** Ends that; null while it does nothing. */
  readonly cancel: (() => void) | null;
  /** What running it comes to, for the button. */
  readonly hint: string;
}

/** A finished run that the page is compared with, and what that says of one cell. */
interface Compared {
  /** As shown, e.g. "R12". */
  readonly run: string;
  readonly staleness: Staleness;
}

/** What is known of a cell that runs by itself. */
interface LiveFacts {
  readonly validity: Validity;
  readonly activity: Activity;
  /** Where its last outcome came from; null where it has none. */
  readonly reading: CellReading | null;
  /** Seconds that it was measured to take; null where it never was. */
  readonly cost: number | null;
  /** Whether an edit makes it run without being asked. */
  readonly runsItself: boolean;
}

/** What is known of a cell on a notebook's page. */
interface CellFacts {
  /** Problems in it. */
  readonly errors: number;
  /** Another cell that it needs and that is in its way. */
  readonly waitsFor?: Obstacle | null;
  /** Why its data, features or labels cannot be made. */
  readonly trouble?: string | null;
  /** Of a cell that runs by itself; the last, `train`, is a run. */
  readonly live?: LiveFacts | null;
  /** Whether it still says what the notebook's last finished run was made of; null where none has finished. */
  readonly compared?: Compared | null;
}

/** A cell on a notebook's page: a problem of its own or of one that it needs stands before all else. */
export function notebookCellState({
  errors,
  waitsFor = null,
  trouble = null,
  live = null,
  compared = null,
}: CellFacts): CellState {
  const activity = live ? activityWords(live.activity) : 'idle';
  if (errors > 0) return { ...invalid(errors), activity };
  if (trouble !== null) return { word: 'would fail', icon: 'alert', tone: 'bad', reason: trouble, activity };
  if (waitsFor !== null) return { ...notComputed(waitsFor), activity };
  if (live) return { ...liveState(live), activity };
  if (compared === null) {
    return {
      word: 'never run',
      icon: 'clock',
      tone: 'neutral',
      reason: 'No run of this notebook has finished',
      activity,
    };
  }
  const { run, staleness } = compared;
  if (staleness.state === 'fresh') {
    return { word: 'fresh', icon: 'check', tone: 'good', reason: `As in ${run}`, activity, line: `as in ${run}` };
  }
  const reason = `against ${run}: ${staleness.reason}`;
  return { word: 'stale', icon: 'pencil', tone: 'changed', reason: `Stale ${reason}`, activity, line: reason };
}

function liveState(facts: LiveFacts): Omit<CellState, 'activity'> {
  const { validity, activity } = facts;
  const line = activity.state === 'running' ? activity.doing : lineOf(facts);
  switch (validity.state) {
    case 'never':
      return { word: 'never run', icon: 'clock', tone: 'neutral', reason: 'Never run on this page', line };
    case 'fresh':
      return { word: 'fresh', icon: 'check', tone: 'good', reason: 'What stands here is what the cell says', line };
    case 'stale':
      return { word: 'stale', icon: 'pencil', tone: 'changed', reason: `Stale: ${validity.reason}`, line };
    case 'failed':
      return { word: 'failed', icon: 'cross', tone: 'bad', reason: validity.reason, line };
    case 'missing':
      return notComputed(validity);
    default:
      return assertNever(validity);
  }
}

/** Why a cell is stale and what it waits for; of a fresh one where its result came from and what that took or spared. */
function lineOf({ validity, reading, cost, runsItself }: LiveFacts): string | undefined {
  switch (validity.state) {
    case 'stale':
      return [validity.reason, runsItself ? '' : waitWords(cost)].filter(Boolean).join(' · ');
    case 'failed':
      return validity.reason;
    case 'fresh':
      return reading === null ? undefined : readingWords(reading);
    default:
      return undefined;
  }
}

function waitWords(cost: number | null): string {
  return cost === null ? 'Ctrl+Enter runs it' : `it took ${formatDuration(1000 * cost)}, so it waits for Ctrl+Enter`;
}

function readingWords({ from, why, seconds, saved }: CellReading): string {
  const reason = why === '' ? '' : `: ${why}`;
  if (from === 'computed') return `computed in ${formatDuration(1000 * seconds)}${reason}`;
  // Less is not worth a word.
  return `from the cache${saved < 0.05 ? '' : `, ${formatDuration(1000 * saved)} saved`}${reason}`;
}

function activityWords(activity: Activity): string {
  switch (activity.state) {
    case 'idle':
    case 'queued':
      return activity.state;
    case 'running':
      return activity.share === null ? 'running' : `running ${Math.floor(100 * activity.share)} %`;
    default:
      return assertNever(activity);
  }
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
  if (waitsFor !== null) return notComputed(waitsFor);
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

function notComputed({ cell, why }: Obstacle): CellState {
  const line = `${cell} ${why}`;
  return { word: 'not computed', icon: 'clock', tone: 'neutral', reason: `Not computed: ${line}`, line };
}

function invalid(errors: number): CellState {
  const word = countWords(errors, 'problem');
  return { word, icon: 'alert', tone: 'bad', reason: 'It cannot run like this; see below' };
}
