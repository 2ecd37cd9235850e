import type { CellResultOf, Speed } from '#core/api/cell-answers.ts';
import type { Config } from '#core/config/config.ts';
import type { Dataset } from '#core/dataset/dataset.ts';
import type { Samples } from '#trainer/steps/samples-content.ts';
import { trainingDuration } from '#core/estimate/training-time.ts';
import { openEngine } from '#trainer/engines/open.ts';
import { buildModel } from '#trainer/ml/models/build.ts';
import { countParameters } from '#trainer/ml/models/model.ts';
import { expectedBytes, requireMemory } from '#trainer/process/require-memory.ts';
import type { CellMessage, ChosenEngine } from './cell-task.ts';
import type { EngineLeave } from './engine-leave.ts';
import { timeModel } from './time-model.ts';

/** Where speed comes from: now, or from before where the engine is taken. */
type Measured = Pick<CellResultOf<'model'>, 'speed' | 'isLast' | 'note'>;

/** The network of a data set, and the speed of real steps of it on the engine that a run would get. @throws AppError */
export async function modelResult(
  { dataset, evaluation }: Samples,
  config: Config,
  chosen: ChosenEngine,
  leave: EngineLeave,
  say: (message: CellMessage) => void,
): Promise<CellResultOf<'model'>> {
  const shape = { lookback: dataset.lookback, features: dataset.names.length, outputs: dataset.tasks.length };
  const { samples } = dataset.report;
  const bytes = expectedBytes(config, dataset);
  const measured = await measure(dataset, config, bytes, chosen, leave, say);
  return {
    step: 'model',
    parameters: countParameters(buildModel(config.model, shape)),
    inputs: shape.features,
    outputs: shape.outputs,
    samples: dataset.report,
    evaluation,
    bytes,
    why: chosen.why,
    ...measured,
    eta: measured.speed && trainingDuration(config.train, samples, measured.speed),
  };
}

async function measure(
  dataset: Dataset,
  config: Config,
  bytes: number,
  { name }: ChosenEngine,
  leave: EngineLeave,
  say: (message: CellMessage) => void,
): Promise<Measured> {
  const asked = await leave.ask();
  if (asked.type !== 'go') return { speed: asked.last, isLast: asked.last !== null, note: asked.note };
  const progress = (share: number | null, doing: string) => say({ type: 'progress', step: 'model', share, doing });
  progress(null, `opening ${name}`);
  const opened = performance.now();
  const engine = await openEngine(name);
  try {
    requireMemory(config, dataset, engine);
    const timing = await timeModel(dataset, config, engine, {
      opened,
      isToStop: () => leave.ended !== null,
      progress: (share) => progress(share, `timing steps on ${name}`),
    });
    if (timing === null) {
      const { last = null, note = 'it was stopped' } = leave.ended ?? {};
      return { speed: last, isLast: last !== null, note };
    }
    const { memory, ...took } = timing;
    const at = new Date().toISOString();
    const speed: Speed = { engine: name, device: engine.device, ...took, memory: { estimated: bytes, ...memory }, at };
    return { speed, isLast: false, note: null };
  } finally {
    engine.dispose();
  }
}
