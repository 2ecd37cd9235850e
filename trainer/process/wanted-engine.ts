import { createRequire } from 'node:module';
import { z } from 'zod';
import type { Config } from '#core/config/config.ts';
import { engines, type EngineName } from '#core/config/train.ts';
import { AppError } from '#core/error.ts';
import type { Engine, EngineReport } from '#trainer/ml/engine/engine.ts';

/** The setting in which the sidecar hands on what its probes found, so that no run waits for probes of its own. */
export const reportsVariable = 'ALMANAC_ENGINE_REPORTS';

const reportsSchema = z.array(
  z.object({
    name: z.enum(engines),
    available: z.boolean(),
    device: z.string(),
    version: z.string(),
    reason: z.string().optional(),
    measured: z.object({ gflops: z.number(), samplesPerSecond: z.number() }).optional(),
  }),
);

/**
 * Opens the engine of a run: the one its configuration names; for `auto` the one in `ALMANAC_ENGINE`, else the fastest
 * that works here. `why` is a sentence for the log. Throws engine_unavailable; never opens another than was asked for.
 */
export async function openWantedEngine(
  config: Pick<Config, 'train'>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly engine: Engine; readonly why: string }> {
  const { openEngine } = await import('#trainer/ml/engine/open.ts');
  const named = config.train.engine;
  // A named engine is not probed first: opening it says the same, sooner.
  if (named !== 'auto') return { engine: await openEngine(named), why: `train.engine asks for ${named}.` };
  const setting = settingOf(env['ALMANAC_ENGINE']);
  if (setting !== 'auto') return { engine: await openEngine(setting), why: `ALMANAC_ENGINE asks for ${setting}.` };
  const { chooseEngine } = await import('#trainer/ml/engine/choose.ts');
  const reports = parseReports(env[reportsVariable]);
  const options = reports ? { reports } : isNativeInstalled() ? {} : { probe: async (name: EngineName) => guess(name) };
  const { name, why } = await chooseEngine('auto', options);
  return { engine: await openEngine(name), why };
}

function settingOf(text: string | undefined): EngineName | 'auto' {
  if (text === undefined || text === '' || text === 'auto') return 'auto';
  const name = engines.find((engine) => engine === text);
  if (name) return name;
  throw new AppError(
    'engine_unavailable',
    `ALMANAC_ENGINE is "${text}"; expected auto, ${engines.join(', ')}. Change the setting and start again.`,
  );
}

function parseReports(text: string | undefined): EngineReport[] | null {
  if (!text) return null;
  try {
    return reportsSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function isNativeInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu');
    return true;
  } catch {
    return false;
  }
}

/** Without the native package there is nothing to measure: wasm runs wherever Node does, and no other engine is here. */
function guess(name: EngineName): EngineReport {
  const available = name === 'wasm';
  const reason = name === 'native' ? 'its optional package is not installed' : 'it comes in a later version';
  return { name, available, device: '', version: '', ...(available ? {} : { reason }) };
}
