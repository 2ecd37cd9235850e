import { fromEventNumber } from '#core/run/event.ts';
import type { RunView } from '#core/run/reduce.ts';
import type { RunState } from '#core/run/state.ts';
import { formatNumber } from '#lib/ui/format.ts';

/** What a live region says of a run: "epoch 12 of 30, validation loss 0.41, best so far". */
export function announcement(
  status: RunState,
  progress: RunView['progress'],
  view: RunView,
  isStalled = false,
): string {
  if (status !== 'running') return `Run ${status}${view.reason ? `: ${view.reason}` : ''}`;
  if (isStalled) return 'Run stalled: its trainer says nothing';
  if (!progress) return 'Run started';
  const loss = view.metrics.latest['val.loss'];
  if (loss === undefined) return `epoch ${progress.epoch} of ${progress.epochs}`;
  const best = view.checkpoints.best;
  const isBest =
    best !== undefined && best.metric === 'val.loss' && fromEventNumber(best.value) === fromEventNumber(loss);
  return `epoch ${progress.epoch} of ${progress.epochs}, validation loss ${formatNumber(fromEventNumber(loss))}${isBest ? ', best so far' : ''}`;
}
