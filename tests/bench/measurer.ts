import { startLineProcess } from './line-process.ts';

/** What a measuring process says of itself before it measures. */
export interface About {
  readonly parameters: number;
  /** Parameters that the network has beyond ours by the way its library builds it: what → how many. */
  readonly differences: Readonly<Record<string, number>>;
  readonly version: string;
  /** In words, with the number of threads. */
  readonly device: string;
  /** How it trains, where there is more than one way, e.g. "eager, fused AdamW". */
  readonly how: string;
}

export interface KernelTime {
  readonly name: string;
  readonly callsPerStep: number;
  /** Without the kernels that it calls. */
  readonly msPerStep: number;
}

/** One measurement. */
export interface Measured {
  readonly samplesPerSecond: number;
  readonly steps: number;
  /** Of the last step: says that the network did train. */
  readonly loss: number;
  /** Where the time went, when that was asked for. */
  readonly kernels?: readonly KernelTime[];
}

/** A process that holds one network ready and trains it whenever it is told to; between that it sleeps. */
export interface Measurer {
  readonly about: About;
  measure(seconds: number): Promise<Measured>;
  close(): Promise<void>;
}

/** Why there is nothing to measure: an engine that is not there, a card without driver. */
export class Unavailable extends Error {}

/**
 * Starts a measuring process and waits until its network is built and warm. It writes lines of JSON: first what it is,
 * or `{"unavailable": why}`; then one for each number of seconds on its input. Throws `Unavailable`, or what the process
 * last wrote to its error output where it ended on its own.
 */
export async function startMeasurer(
  label: string,
  command: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Measurer> {
  const child = await startLineProcess(label, command, env);
  const about = child.greeting as About | { readonly unavailable: string };
  if ('unavailable' in about) {
    await child.close();
    throw new Unavailable(about.unavailable);
  }
  return {
    about,
    async measure(seconds) {
      const measured = (await child.ask(String(seconds))) as Measured;
      if (!Number.isFinite(measured.loss)) throw new Error(`${label}: the loss became ${measured.loss}`);
      return measured;
    },
    close: () => child.close(),
  };
}
