import { setTimeout as sleep } from 'node:timers/promises';
import type { CellKind, CellResult } from '#core/api/cell-answers.ts';
import type { Config } from '#core/config/config.ts';
import { canonicalJson } from '#core/config/digest.ts';
import { AppError } from '#core/error.ts';
import type { CellMessage, CellReply } from '#trainer/cells/cell-task.ts';
import { runCell, type RunCell } from '#trainer/cells/run-cell.ts';
import type { SpeedMemory } from '#trainer/engine-choice/speed-memory.ts';
import type { WantedBars } from '#trainer/steps/find-bars.ts';
import type { EngineChoice, EngineDesk } from './engine-desk.ts';
import type { Place } from './runs/place.ts';

/** How far a cell is, and what is done. */
export type CellProgress = Exclude<CellMessage, { type: 'measure' }>;

/** A cell that somebody wants run. */
interface CellWish {
  /** Name of the notebook: by it and the kind the cell is ended. */
  readonly notebook: string;
  readonly kind: CellKind;
  readonly config: Config;
  /** Kept bars that are to be used; null: those of the file. */
  readonly bars: WantedBars | null;
  /** Whether the model cell waits for its engine instead of showing its last measurement. */
  readonly wait: boolean;
}

interface Watcher {
  /** Aborts when whoever asked has left. */
  readonly left: AbortSignal;
  readonly onProgress: (progress: CellProgress) => void;
}

/** Runs cells in child processes, a few at a time. */
export interface CellDesk {
  /**
   * Runs a cell; who asks for the same meanwhile shares it, and it ends once everybody who waited has left.
   * @throws AppError of the cell, or state_conflict where it was ended
   */
  run(wish: CellWish, watcher: Watcher): Promise<CellResult>;
  /** Ends what runs of a cell of a notebook; answers for how many who waited. */
  end(notebook: string, kind: CellKind): number;
  /** Ends all. */
  close(): Promise<void>;
}

interface CellDeskOptions {
  readonly roots: readonly string[];
  readonly runsFolder: string;
  /** Settings of every child. */
  readonly env: () => Readonly<Record<string, string>>;
  readonly engines: Pick<EngineDesk, 'settle'>;
  readonly speeds: SpeedMemory;
  /** The run that keeps a device busy, in words; null where it is free. */
  readonly holderOf: (device: string) => Promise<string | null>;
  /** Called before an engine is timed: tests of engines would slow it down. */
  readonly makeWay: () => void;
  readonly run?: RunCell;
  /** Ms between two looks at a device. */
  readonly lookEvery?: number;
}

/** Each takes a core, and runs need them too. */
const mostAtOnce = 2;

/** A cell at work, and those who wait for it. */
interface Work {
  readonly result: Promise<CellResult>;
  readonly said: CellProgress[];
  readonly watchers: Set<(progress: CellProgress) => void>;
  readonly control: AbortController;
}

interface Reader {
  readonly notebook: string;
  readonly kind: CellKind;
  readonly end: () => void;
}

export function createCellDesk(options: CellDeskOptions): CellDesk {
  const { roots, runsFolder, env, engines, speeds, holderOf, makeWay, run = runCell, lookEvery = 250 } = options;
  const works = new Map<string, Work>();
  const readers = new Set<Reader>();
  const places = new Places(mostAtOnce);
  /** Devices that a cell times a model on. */
  const timing = new Set<string>();

  function start(key: string, wish: CellWish): Work {
    const control = new AbortController();
    const said: CellProgress[] = [];
    const watchers = new Set<(progress: CellProgress) => void>();
    const say = (progress: CellProgress): void => {
      said.push(progress);
      for (const watcher of watchers) watcher(progress);
    };
    const result = work(wish, say, control.signal).finally(() => works.delete(key));
    // Those who wait are told; when nobody does it is no unhandled one.
    result.catch(() => undefined);
    const one: Work = { result, said, watchers, control };
    works.set(key, one);
    return one;
  }

  async function work(wish: CellWish, say: (progress: CellProgress) => void, signal: AbortSignal): Promise<CellResult> {
    const { kind, config, bars } = wish;
    const choice = kind === 'model' ? await engines.settle(config) : null;
    const device = choice && (await findDevice(choice, wish, say, signal));
    const release = await places.take(signal, () =>
      say({ type: 'progress', step: kind, share: null, doing: 'waits for other cells to end' }),
    );
    const measurement = new AbortController();
    try {
      const result = await run(
        { kind, config, roots, runsFolder, bars, engine: choice && { name: choice.name, why: choice.why } },
        {
          signal,
          env: { ...env(), ...device?.settings },
          onMessage(message, answer) {
            if (message.type !== 'measure') say(message);
            else if (device) void lend(device.device, config, measurement.signal, answer);
          },
        },
      );
      if (result.step === 'model' && result.speed && !result.isLast && device)
        await speeds.put(config, device.device, result.speed);
      return result;
    } finally {
      measurement.abort();
      release();
    }
  }

  /** The first place whose device is free, else the first; waits for one where that is wished for. */
  async function findDevice(
    choice: EngineChoice,
    { wait, kind }: CellWish,
    say: (progress: CellProgress) => void,
    signal: AbortSignal,
  ): Promise<Place> {
    for (let told = ''; ;) {
      const holders = await Promise.all(choice.places.map(({ device }) => holderOf(device)));
      const free = choice.places.find((_, index) => holders[index] === null);
      if (free !== undefined || !wait) return free ?? choice.places[0];
      const doing = `waits for ${choice.name}: ${holders[0]} trains on it`;
      if (doing !== told) say({ type: 'progress', step: kind, share: null, doing });
      told = doing;
      await sleep(lookEvery, undefined, { signal });
    }
  }

  /** Lends a device as long as no run is on it; `over` says that it is given back. */
  async function lend(
    device: string,
    config: Config,
    over: AbortSignal,
    answer: (reply: CellReply) => void,
  ): Promise<void> {
    while (timing.has(device)) await sleep(lookEvery);
    if (over.aborted) return;
    timing.add(device);
    try {
      const taken = async (): Promise<CellReply | null> => {
        const holder = await holderOf(device);
        const note = `${holder} trains on this engine now`;
        return holder === null ? null : { type: 'taken', note, last: await speeds.find(config, device) };
      };
      const refusal = await taken();
      if (refusal !== null) return answer(refusal);
      makeWay();
      answer({ type: 'go' });
      while (!over.aborted) {
        await sleep(lookEvery, undefined, { signal: over }).catch(() => undefined);
        const wanted = over.aborted ? null : await taken();
        if (wanted !== null) return answer(wanted);
      }
    } finally {
      timing.delete(device);
    }
  }

  return {
    async run(wish, { left, onProgress }) {
      left.throwIfAborted();
      const { notebook, kind, config, bars, wait } = wish;
      const key = canonicalJson([kind, config, bars, wait]);
      const one = works.get(key) ?? start(key, wish);
      const gone = new AbortController();
      const reader: Reader = {
        ...{ notebook, kind },
        end: () => gone.abort(new AppError('state_conflict', `The ${kind} cell was ended.`)),
      };
      readers.add(reader);
      one.said.forEach(onProgress);
      one.watchers.add(onProgress);
      const leave = () => gone.abort(left.reason);
      left.addEventListener('abort', leave, { once: true });
      try {
        return await Promise.race([one.result, rejected(gone.signal)]);
      } finally {
        left.removeEventListener('abort', leave);
        readers.delete(reader);
        one.watchers.delete(onProgress);
        if (one.watchers.size === 0)
          one.control.abort(new AppError('state_conflict', 'Nobody waits for this cell any more.'));
        // Who asks again from now on does not join what is being ended.
        if (one.control.signal.aborted && works.get(key) === one) works.delete(key);
      }
    },
    end(notebook, kind) {
      const ended = [...readers].filter((reader) => reader.notebook === notebook && reader.kind === kind);
      for (const reader of ended) reader.end();
      return ended.length;
    },
    async close() {
      for (const reader of readers) reader.end();
      await Promise.allSettled([...works.values()].map(({ result }) => result));
    },
  };
}

function rejected(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/** So many at once, the others in the order in which they came. */
class Places {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** Resolves with what gives the place back. @throws the signal's reason */
  async take(signal: AbortSignal, onWait: () => void): Promise<() => void> {
    if (this.#free === 0) {
      onWait();
      await new Promise<void>((resolve, reject) => {
        const turn = () => {
          signal.removeEventListener('abort', leave);
          resolve();
        };
        const leave = () => {
          this.#waiting.splice(this.#waiting.indexOf(turn), 1);
          reject(signal.reason as Error);
        };
        signal.addEventListener('abort', leave, { once: true });
        this.#waiting.push(turn);
      });
    } else this.#free--;
    return () => {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    };
  }
}
