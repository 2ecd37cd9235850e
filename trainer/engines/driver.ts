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
   * Why it cannot work here, judged by files alone; undefined when it is worth a try. It takes microseconds and loads
   * nothing, so a run need not start a process to learn that an optional package is not installed.
   */
  findAbsence(): string | undefined;
  /** Whether there is likely to be a device for it, where nothing is absent; yes unless it says otherwise. */
  mayHaveDevice?(): boolean;
  /** The command that would make it work where it is missing, or, where there is none, what to install. */
  remedy(platform: NodeJS.Platform): string;
  /** A file outside of our sources and npm's packages that it runs; another one may be faster or slower. */
  findBuilt?(): string | undefined;
  /**
   * The cards it can be told to use, given the device that it reported: null where that is the processor, none where it
   * cannot be told.
   */
  findCards(
    device: string,
    gpus: readonly Gpu[],
    env: Readonly<Record<string, string | undefined>>,
  ): readonly Gpu[] | null;
  /** Settings besides CUDA's that put it on one of several cards, which has this name. */
  pin?(name: string): Readonly<Record<string, string>>;
}
