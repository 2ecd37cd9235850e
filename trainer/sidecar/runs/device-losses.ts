import type { RunView } from '#core/run/reduce.ts';

/** Losses in a row without a newer checkpoint between them, after which a run is left to the person. */
const most = 3;

/** Counts how often a run lost its device without progress, so that it is not started again for ever. */
export class DeviceLosses {
  readonly #seen = new Map<string, { readonly step: number; readonly count: number }>();

  /** Counts one more loss. Answers why the run may start again, or null where it has made no progress. */
  note(id: string, checkpoints: RunView['checkpoints']): string | null {
    const step = Math.max(0, ...Object.values(checkpoints).map((checkpoint) => checkpoint.step));
    const before = this.#seen.get(id);
    const count = before === undefined || step > before.step ? 1 : before.count + 1;
    this.#seen.set(id, { step, count });
    if (count >= most) return null;
    const from =
      step === 0 ? 'begins again, as it had no checkpoint yet' : `goes on from its checkpoint of step ${step}`;
    return `The GPU was lost; the run ${from} (loss ${count} of at most ${most} without progress).`;
  }

  /** Somebody asks for another try: counting begins anew. */
  forget(id: string): void {
    this.#seen.delete(id);
  }
}
