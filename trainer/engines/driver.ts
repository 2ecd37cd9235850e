import type { Engine } from './engine.ts';
import type { Gpu } from './gpus.ts';

/**
 * The half of an engine that has to do with this machine; the other is in src/core/engines. Its file is light: what it
 * opens is imported only when it is opened, as loading that may reserve a device.
 */
export interface EngineDriver {
  /** npm packages whose version can change a result. */
  readonly packages: readonly string[];
  /** Makes it tfjs-core's backend; the caller disposes it. Throws `engine_unavailable`. */
  open(): Promise<Engine>;
  /**
   * Why it cannot be here, as far as files tell; undefined when it is worth a try. It costs microseconds and loads nothing,
   * so that a run need not start a process to learn that an optional package is not installed.
   */
  findAbsence(): string | undefined;
  /** Whether there is likely to be a device for it, where nothing is absent; yes unless it says otherwise. */
  mayHaveDevice?(): boolean;
  /** What to run, or where no command does it what to install, so that it works where it is missing. */
  remedy(platform: NodeJS.Platform): string;
  /** A file outside of our sources and npm's packages that it runs; another one may be faster or slower. */
  findBuilt?(): string | undefined;
  /**
   * The cards that it can be told to take, where it reports this device: null where that is the processor, none where no
   * choice can be made.
   */
  findCards(
    device: string,
    gpus: readonly Gpu[],
    env: Readonly<Record<string, string | undefined>>,
  ): readonly Gpu[] | null;
  /** Settings besides CUDA's that put it on one of several cards, which has this name. */
  pin?(name: string): Readonly<Record<string, string>>;
}
