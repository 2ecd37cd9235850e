/** The program behind run-cell.ts: one cell as JSON on stdin, its result on stdout, then it ends. */
import { enableCompileCache } from 'node:module';
import type { CellResult } from '#core/api/cell-answers.ts';
import { answerRequest } from '#trainer/child/child-answer.ts';
import type { CellMessage, CellTask } from './cell-task.ts';

// Before what is large is imported.
enableCompileCache();

const say = (message: CellMessage): void => void process.send?.(message);

async function runCell({ kind, config, roots, runsFolder, bars, engine }: CellTask): Promise<CellResult> {
  const [{ DatasetCells }, { stockIn }] = await Promise.all([
    import('./dataset-cells.ts'),
    import('#trainer/steps/stock.ts'),
  ]);
  const cells = new DatasetCells(config, { ...stockIn(runsFolder, process.env), roots, bars }, say);
  try {
    switch (kind) {
      case 'data':
        return await cells.data();
      case 'features':
        return await cells.features();
      case 'targets':
        return await cells.targets();
      case 'model': {
        if (engine === null) throw new Error('The model cell was given no engine.');
        const { modelResult } = await import('./model-result.ts');
        const { EngineLeave } = await import('./engine-leave.ts');
        const samples = await cells.samples();
        const leave = new EngineLeave();
        return await cells.take(kind, 'speed is measured anew each time', () =>
          modelResult(samples, config, engine, leave, say),
        );
      }
      case 'loss': {
        const [{ lossResult }, { openEngine }] = await Promise.all([
          import('./loss-result.ts'),
          import('#trainer/engines/open.ts'),
        ]);
        const { dataset } = await cells.samples();
        return await cells.take(kind, 'the loss is computed anew each time', async () => {
          const processor = await openEngine('wasm');
          try {
            return await lossResult(dataset, config);
          } finally {
            processor.dispose();
          }
        });
      }
    }
  } finally {
    await cells.settled();
  }
}

await answerRequest<CellTask>(async (task) => ({ result: await runCell(task) }));
// Engines may keep the process alive; the answer is complete once it is written.
process.stdout.write('', () => process.exit(0));
