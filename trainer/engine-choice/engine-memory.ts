import { z } from 'zod';
import { type EngineReport, engineReportsSchema } from '#core/engines/report.ts';
import { readPlainFile } from '#disk/plain-file.ts';
import { replaceJson } from '#disk/replace-file.ts';

/** `runs/engines.json`: what was measured, and of which machine and program (`describeSurroundings`). */
const fileSchema = z.object({ format: z.literal(1), surroundings: z.string(), engines: engineReportsSchema });

/** Keeps measurements from one start to the next. */
export interface EngineMemory {
  /** What was measured in these surroundings; nothing where there is no file, or one of another machine or program. */
  load(surroundings: string): Promise<readonly EngineReport[]>;
  /** Replaces the file as a whole. Only engines that work are kept: what stood in the way may be gone at the next start. */
  save(surroundings: string, reports: readonly EngineReport[]): Promise<void>;
}

/** @returns a memory in the file at `path`. */
export function openEngineMemory(path: string): EngineMemory {
  return {
    async load(surroundings) {
      try {
        const file = fileSchema.parse(JSON.parse(await readPlainFile(path)));
        return file.surroundings === surroundings ? file.engines.filter(({ available }) => available) : [];
      } catch {
        // The file is missing, was edited by hand, or is of a later version: the engines are simply measured again.
        return [];
      }
    },
    async save(surroundings, reports) {
      const engines = reports.filter(({ available, pending }) => available && !pending).map(lasting);
      // Sidecar, command line and bench may measure at the same time.
      const draft = `${path}.${process.pid}.tmp`;
      await replaceJson(path, { format: 1, surroundings, engines }, { draft });
    },
  };
}

/** Only speeds are kept. A failed test may have had a passing cause, so it is run again. */
function lasting({ models, ...report }: EngineReport): EngineReport {
  const passed = Object.entries(models ?? {}).filter(([, model]) => 'samplesPerSecond' in model);
  return passed.length === 0 ? report : { ...report, models: Object.fromEntries(passed) };
}
