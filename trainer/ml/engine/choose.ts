import { AppError } from '#core/error.ts';
import { type EngineName, engines } from '#core/config/train.ts';
import type { EngineReport } from './engine.ts';
import { probeEngine, sortBySpeed } from './probe.ts';

export interface EngineChoice {
  readonly name: EngineName;
  /** One sentence for the run's log. */
  readonly why: string;
}

/** Where reports come from; `reports`, when given, are recent ones and nothing is tested again. */
/** Where reports come from; `reports`, when given, are recent ones (`probeEngines`) and nothing is tested again. */
export interface ChooseOptions {
  readonly reports?: readonly EngineReport[];
  readonly probe?: (name: EngineName) => Promise<EngineReport>;
}

/**
 * Decides which engine trains. `auto` takes the fastest that works and says what the others lack. A named engine is that
 * one or `engine_unavailable`: another is never put in its place. Without reports a named engine is not tested here,
 * since opening it does that, and `auto` tests first those that may be absent: alone, wasm needs no measuring.
 */
export async function chooseEngine(wanted: 'auto' | EngineName, options: ChooseOptions = {}): Promise<EngineChoice> {
  const { reports, probe = (name) => probeEngine(name) } = options;
  if (wanted !== 'auto') {
    const report = reports?.find(({ name }) => name === wanted);
    if (report?.available === false)
      throw unavailable(`train.engine asks for ${wanted}, which does not work here.`, [report]);
    return { name: wanted, why: `train.engine asks for ${wanted}${report === undefined ? '' : speed(report)}.` };
  }
  const known = reports ?? (await testAll(probe));
  const sorted = sortBySpeed(known);
  const best = sorted[0];
  if (best === undefined || !best.available) throw unavailable('No engine works here.', sorted);
  const others = sorted.slice(1).map((report) => {
    return report.available ? `${report.name} is slower${speed(report)}` : `${report.name} is not available`;
  });
  const why = best.measured === undefined ? 'the one that every machine has' : `the fastest${speed(best)}`;
  return { name: best.name, why: `auto took ${best.name}, ${why}; ${others.join(', ')}.` };
}

async function testAll(probe: (name: EngineName) => Promise<EngineReport>): Promise<EngineReport[]> {
  const others = await Promise.all(engines.filter((name) => name !== 'wasm').map(probe));
  const wasm: EngineReport = { name: 'wasm', available: true, device: 'WASM', version: '' };
  return [...others, others.some(({ available }) => available) ? await probe('wasm') : wasm];
}

function speed({ measured }: EngineReport): string {
  return measured === undefined ? '' : ` (${measured.gflops.toFixed(1)} GFLOP/s)`;
}

function unavailable(message: string, reports: readonly EngineReport[]): AppError {
  const reasons = reports.map(({ reason }) => reason).filter((reason) => reason !== undefined);
  return new AppError('engine_unavailable', [message, ...reasons].join(' '), {
    issues: [{ path: 'train.engine', message: reasons.join(' ') || message }],
  });
}
