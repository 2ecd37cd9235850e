import { join } from 'node:path';
import type { Architecture } from '#core/models/registry.ts';
import type { EngineReport } from '#core/engines/report.ts';
import type { Settings } from '#trainer/settings/settings.ts';
import { openEngineMemory } from '#trainer/engine-choice/engine-memory.ts';
import { openRoster } from '#trainer/engine-choice/roster.ts';
import { answer } from './client.ts';
import { findClient } from './connect.ts';

/**
 * The engines of this machine, with the speeds of these architectures: from the sidecar where one runs, which knows what
 * is at work, else tested here. Either remembers.
 */
export async function askEngines(
  settings: Settings,
  { models, again }: { readonly models: readonly Architecture[]; readonly again: boolean },
): Promise<readonly EngineReport[]> {
  const client = findClient(settings);
  if (client === null) {
    const roster = openRoster({ memory: openEngineMemory(join(settings.runs, 'engines.json')) });
    try {
      if (again) roster.again();
      return await roster.measured(models);
    } finally {
      await roster.close();
    }
  }
  let reports = await answer(client.engines.$get({ query: again ? { fresh: '' } : {} }));
  for (const model of models) reports = await answer(client.engines.$get({ query: { model } }));
  return reports;
}
