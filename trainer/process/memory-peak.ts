import { engineOf } from '#core/engines/registry.ts';
import type { MemoryReport } from '#core/run/memory-report.ts';
import type { Engine } from '#trainer/engines/engine.ts';
import type { SystemReading } from '#trainer/engines/telemetry.ts';

type Reading = Pick<SystemReading, 'rss' | 'gpu'>;

/** Bytes in use at first, and the most since. */
interface Range {
  readonly before: number;
  readonly most: number;
}

/**
 * The most memory that training took. An engine that counts its tensors knows it; of the others the growth of the GPU's
 * memory in use is taken, or else that of this process, as far as the readings saw it.
 */
export class MemoryPeak {
  readonly #engine: Pick<Engine, 'name' | 'peakBytes'>;
  #rss: Range | null = null;
  #gpu: Range | null = null;

  constructor(engine: Pick<Engine, 'name' | 'peakBytes'>) {
    this.#engine = engine;
  }

  /** Takes a reading; the first one is that from before the model was built. */
  add({ rss, gpu }: Reading): void {
    this.#rss = widened(this.#rss, rss);
    if (gpu?.memUsed !== undefined) this.#gpu = widened(this.#gpu, gpu.memUsed);
  }

  get measured(): Pick<MemoryReport, 'peak' | 'of'> {
    const exact = this.#engine.peakBytes();
    if (exact !== null) return { peak: exact, of: 'tensors' };
    const { name } = this.#engine;
    const usesGpu = name !== 'cpu' && !engineOf(name).everywhere;
    const onGpu = growth(this.#gpu);
    // No growth on the GPU: TensorFlow is computing on the processor, beside an idle GPU.
    if (usesGpu && onGpu > 0) return { peak: onGpu, of: 'gpu' };
    return { peak: growth(this.#rss), of: 'process' };
  }
}

function widened(range: Range | null, value: number): Range {
  return range === null ? { before: value, most: value } : { ...range, most: Math.max(range.most, value) };
}

function growth(range: Range | null): number {
  return range === null ? 0 : range.most - range.before;
}
