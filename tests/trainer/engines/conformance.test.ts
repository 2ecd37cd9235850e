import { engineNames } from '#core/engines/registry.ts';
import { engineDrivers } from '#trainer/engines/registry.ts';
import { describeEngine } from './conformance.ts';

/** Engines with files of their own: one needs a GPU in software, one is built first (`npm run test:native`). */
const elsewhere: readonly string[] = ['webgpu', 'native'];

describeEngine('cpu');
for (const name of engineNames) {
  if (!elsewhere.includes(name) && engineDrivers[name].findAbsence() === undefined) describeEngine(name);
}
