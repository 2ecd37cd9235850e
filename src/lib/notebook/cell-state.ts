import type { RunState } from '#core/run/state.ts';
import type { IconName } from '#lib/ui/icon-paths.ts';

/** What a cell's header says of it: a word, its colour and icon, and the reason on hover. */
export interface CellState {
  readonly word: string;
  readonly icon: IconName;
  readonly tone: 'neutral' | 'good' | 'bad' | 'active' | 'changed';
  readonly reason: string;
}

/** A cell on a notebook's page. */
export function notebookCellState(errors: number, isDefault: boolean): CellState {
  if (errors > 0) return invalid(errors);
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

/** A cell on a run's page: frozen as it ran, or changed by the draft of a fork. */
export function runCellState(
  errors: number,
  changedKeys: readonly string[],
  status: RunState,
  isTrain: boolean,
): CellState {
  if (errors > 0) return invalid(errors);
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
  if (!isTrain) return frozen;
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
      return { word: 'failed', icon: 'cross', tone: 'bad', reason: 'See the reason above' };
    case 'cancelled':
    case 'interrupted':
      return { word: status, icon: 'ban', tone: 'neutral', reason: 'Ended before its last epoch' };
  }
}

function invalid(errors: number): CellState {
  const word = errors === 1 ? '1 problem' : `${errors} problems`;
  return { word, icon: 'alert', tone: 'bad', reason: 'It cannot run like this; see below' };
}
