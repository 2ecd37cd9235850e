import { fileURLToPath } from 'node:url';
import { type Measured, type Measurer, startMeasurer, Unavailable } from './measurer.ts';
import { peerAbsence, peerCommand, requireSameParameters } from './peers/peer.ts';
import type { Series } from './throughput-row.ts';
import type { TrainingJob } from '#trainer/engine-choice/measure-training.ts';
import type { ThroughputOptions } from './throughput-options.ts';

export interface Comparison {
  readonly engines: readonly Series[];
  readonly peers: readonly Series[];
  readonly shipped: Series | undefined;
  /** Engine → its measurement with time by kernel, where that was asked for. */
  readonly profiles: ReadonlyMap<string, Measured>;
}

const ourProgram = fileURLToPath(new URL('./measure-process.ts', import.meta.url));

interface Contender {
  readonly name: string;
  readonly kind: 'engine' | 'peer' | 'shipped';
  readonly measurer: Measurer;
  readonly rates: number[];
}

/**
 * Trains one network on our engines and the peers' in turn: engine, peer, engine, peer, once a repeat, so that a load from
 * elsewhere falls on all of them. Only one of the processes works at a time. `note` is told what is left out and why.
 * Throws where a peer's network is not ours.
 */
export async function compareThroughput(
  job: TrainingJob,
  options: ThroughputOptions,
  note: (text: string) => void,
): Promise<Comparison> {
  const contenders: Contender[] = [];
  const open = async (kind: Contender['kind'], name: string, command: readonly string[]): Promise<void> => {
    try {
      const label = `${name}, ${job.model} ${job.variant}`;
      const measurer = await startMeasurer(label, command, environment(options.threads));
      contenders.push({ name, kind, measurer, rates: [] });
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      note(`${name}: ${error.message}`);
    }
  };
  const ours = (engine: string, profile: boolean) => [
    process.execPath,
    ourProgram,
    JSON.stringify({ engine, profile, job }),
  ];
  const profiles = new Map<string, Measured>();
  try {
    for (const engine of options.engines) await open('engine', engine, ours(engine, false));
    if (options.shipped) await open('shipped', 'shipped', ours('shipped', false));
    const first = contenders.find(({ kind }) => kind === 'engine');
    for (const peer of first === undefined ? [] : options.peers) {
      const absence = peerAbsence(peer, job.model, options.device);
      if (absence !== undefined) note(`${peer} ${absence}`);
      else await open('peer', peer, peerCommand(peer, job, options.device, options.threads));
    }
    for (const { kind, name, measurer } of contenders) {
      if (kind === 'peer' && first !== undefined)
        requireSameParameters(`${name}, ${job.model} ${job.variant}`, first.measurer.about, measurer.about);
    }
    for (let repeat = 0; repeat < options.repeats; repeat++) {
      for (const { measurer, rates } of interleave(contenders))
        rates.push((await measurer.measure(options.seconds)).samplesPerSecond);
    }
    if (options.profile) {
      for (const { name } of contenders.filter(({ kind }) => kind === 'engine')) {
        const profiled = await startMeasurer(name, ours(name, true), environment(options.threads));
        profiles.set(name, await profiled.measure(options.seconds));
        await profiled.close();
      }
    }
  } finally {
    for (const { measurer } of contenders) await measurer.close();
  }
  const of = (kind: Contender['kind']) =>
    contenders
      .filter((contender) => contender.kind === kind)
      .map(({ name, measurer, rates }): Series => ({ name, about: measurer.about, rates }));
  return { engines: of('engine'), peers: of('peer'), shipped: of('shipped')[0], profiles };
}

/** One of ours, one peer, and so on while there are both. */
function interleave(contenders: readonly Contender[]): Contender[] {
  const ours = contenders.filter(({ kind }) => kind !== 'peer');
  const peers = contenders.filter(({ kind }) => kind === 'peer');
  return Array.from({ length: Math.max(ours.length, peers.length) }, (_, i) => [ours[i], peers[i]])
    .flat()
    .filter((contender) => contender !== undefined);
}

/** As many threads for TensorFlow under our native engine as the peers get, and no bytecode beside the sources. */
function environment(threads: number): NodeJS.ProcessEnv {
  const count = String(threads);
  return {
    ...process.env,
    TF_NUM_INTRAOP_THREADS: count,
    TF_NUM_INTEROP_THREADS: count,
    OMP_NUM_THREADS: count,
    TF_CPP_MIN_LOG_LEVEL: process.env.TF_CPP_MIN_LOG_LEVEL ?? '2',
    PYTHONDONTWRITEBYTECODE: '1',
  };
}
