/** The program behind run-cell.ts: one cell as JSON on stdin, its result on stdout, then it ends. */
import { enableCompileCache } from 'node:module';
import type { CellResult } from '#core/api/cell-answers.ts';
import { answerRequest } from '#trainer/child/child-answer.ts';
import type { CellMessage, CellTask } from './cell-task.ts';

// Before what is large is imported.
enableCompileCache();

const say = (message: CellMessage): void => void process.send?.(message);

async function runCell({ kind, config, roots, engine }: CellTask): Promise<CellResult> {
  const { DatasetSteps } = await import('./dataset-steps.ts');
  const steps = new DatasetSteps(config, roots, say);
  switch (kind) {
    case 'data':
      return steps.dataResult();
    case 'features':
      return steps.featuresResult();
    case 'targets':
      return steps.targetsResult();
    case 'model': {
      if (engine === null) throw new Error('The model cell was given no engine.');
      const { modelResult } = await import('./model-result.ts');
      const { EngineLeave } = await import('./engine-leave.ts');
      const dataset = await steps.dataset();
      return steps.take(kind, () => modelResult(dataset, config, engine, new EngineLeave(), say));
    }
    case 'loss': {
      const { lossResult } = await import('./loss-result.ts');
      const { openEngine } = await import('#trainer/engines/open.ts');
      await openEngine('wasm');
      const dataset = await steps.dataset();
      return steps.take(kind, () => lossResult(dataset, config));
    }
  }
}

await answerRequest<CellTask>(async (task) => ({ result: await runCell(task) }));
// Engines may keep the process alive; the answer is complete once it is written.
process.stdout.write('', () => process.exit(0));
