import type { Config } from '#core/config/config.ts';
import { engineNames, type EngineName } from '#core/engines/registry.ts';
import { type EngineReport, engineReportsSchema } from '#core/engines/report.ts';
import { AppError } from '#core/error.ts';
import type { Engine } from '#trainer/engines/engine.ts';

/** The setting in which the sidecar hands on what its probes found, so that no run waits for probes of its own. */
export const reportsVariable = 'ALMANAC_ENGINE_REPORTS';

/**
 * Opens the engine of a run: the one its configuration names; for `auto` the one in `ALMANAC_ENGINE`, else the fastest
 * that passed its test for this model. `why` is a sentence for the log. Throws engine_unavailable; never opens another
 * than was asked for.
 */
export async function openWantedEngine(
  config: Pick<Config, 'model' | 'train'>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly engine: Engine; readonly why: string }> {
  const { openEngine } = await import('#trainer/engines/open.ts');
  const named = config.train.engine;
  // A named engine is not probed first: opening it gives the same answer sooner.
  if (named !== 'auto') return { engine: await openEngine(named), why: `train.engine asks for ${named}.` };
  const setting = settingOf(env['ALMANAC_ENGINE']);
  if (setting !== 'auto') return { engine: await openEngine(setting), why: `ALMANAC_ENGINE asks for ${setting}.` };
  const { chooseEngine } = await import('./choose.ts');
  const reports = parseReports(env[reportsVariable]) ?? (await testEngines());
  const { name, why } = chooseEngine('auto', reports, config.model.architecture);
  return { engine: await openEngine(name), why };
}

function settingOf(text: string | undefined): EngineName | 'auto' {
  if (text === undefined || text === '' || text === 'auto') return 'auto';
  const name = engineNames.find((engine) => engine === text);
  if (name) return name;
  throw new AppError(
    'engine_unavailable',
    `ALMANAC_ENGINE is "${text}"; expected auto, ${engineNames.join(', ')}. Change the setting and start again.`,
  );
}

function parseReports(text: string | undefined): readonly EngineReport[] | null {
  if (!text) return null;
  try {
    return engineReportsSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** For a trainer that no sidecar started. Where nothing but wasm is likely to be here, nothing need be tested. */
async function testEngines(): Promise<readonly EngineReport[]> {
  const { openRoster } = await import('./roster.ts');
  const roster = openRoster();
  try {
    return roster.isDecided() ? roster.known() : await roster.measured();
  } finally {
    await roster.close();
  }
}
