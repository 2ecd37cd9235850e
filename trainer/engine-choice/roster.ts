import { type EngineName, engineNames } from '#core/engines/registry.ts';
import type { EngineReport } from '#core/engines/report.ts';
import type { Architecture } from '#core/models/registry.ts';
import { engineDrivers } from '#trainer/engines/registry.ts';
import type { EngineMemory } from './engine-memory.ts';
import { Findings } from './findings.ts';
import { type Gpu, listGpus } from '#trainer/engines/gpus.ts';
import { type Probe, probeEngine } from './probe.ts';
import { describeSurroundings } from './surroundings.ts';

export interface RosterOptions {
  /** Keeps measurements beyond this process; without it they are lost at its end. */
  readonly memory?: EngineMemory;
  readonly probe?: Probe;
  /** Why an engine cannot be here, as far as files tell; undefined where it is worth a test. */
  readonly absence?: (name: EngineName) => string | undefined;
  /** Whether an engine is likely to find a device. */
  readonly mayHaveDevice?: (name: EngineName) => boolean;
  readonly gpus?: () => Promise<readonly Gpu[]>;
  readonly surroundings?: (gpus: readonly Gpu[]) => Promise<string>;
  /** Whether runs are at work: what is not urgent then waits, for it would be measured wrongly and slow them down. */
  readonly busy?: () => boolean;
  readonly warn?: (message: string, error: unknown) => void;
  /** Ms. */
  readonly now?: () => number;
}

/** What is known of the engines of this machine, and the tests that are under way. One a process. */
export interface EngineRoster {
  /** All engines, with what is known of each at this moment. Never waits. */
  known(): readonly EngineReport[];
  /** Whether a choice can be made: every engine that is likely to be here was tested, or none but wasm is. */
  isDecided(): boolean;
  /** Resolves when every engine was tested, and, unless runs are at work, each with these architectures. */
  measured(models?: readonly Architecture[]): Promise<readonly EngineReport[]>;
  /** Puts an architecture on the list of what is measured when there is time. */
  wish(model: Architecture): void;
  /** Tests these engines anew when there is time, all unless told otherwise; until then what is known stands. */
  again(names?: readonly EngineName[]): void;
  /**
   * Call it when a run is about to start: ends the test of an architecture, and any test that nobody waits for. It
   * begins again when there is time.
   */
  makeWay(): void;
  /** Ends the test at work and begins no other. */
  close(): Promise<void>;
}

/** Ms between two looks whether runs are still at work. */
const lookAgainAfter = 1000;

/** Ms after which a requested run has certainly started. */
const holdFor = 2000;

/** Opens the roster and reads what is remembered; where an engine besides wasm is likely to be here, tests begin. */
export function openRoster(options: RosterOptions = {}): EngineRoster {
  return new Roster(options);
}

interface Job {
  readonly name: EngineName;
  readonly models: readonly Architecture[];
}

class Roster implements EngineRoster {
  readonly #options: RosterOptions;
  readonly #now: () => number;
  readonly #warn: (message: string, error: unknown) => void;
  readonly #findings: Findings;
  readonly #wishes = new Set<Architecture>();
  readonly #prepared: Promise<void>;
  #open = true;
  #ready = false;
  /** Engines are being tested anew: one round at a time, however often it is asked for. */
  #renewing = false;
  /** Callers that wait for the tests of engines. */
  #waiting = 0;
  /** The tests under way, and the engine of the one at work. */
  #atWork: Promise<void> | null = null;
  #atTest: EngineName | null = null;
  #ending = new AbortController();
  /** Until then (by `now`) a run counts as at work. */
  #held = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RosterOptions) {
    const { memory, absence = (name) => engineDrivers[name].findAbsence(), now = Date.now, warn = () => {} } = options;
    this.#options = options;
    this.#now = now;
    this.#warn = warn;
    this.#findings = new Findings({ memory, absence, warn });
    this.#prepared = this.#prepare();
  }

  known(): readonly EngineReport[] {
    return this.#findings.reports();
  }

  isDecided(): boolean {
    const here = engineNames.filter((name) => this.#isLikely(name));
    if (here.length <= 1) return true;
    return this.#ready && here.every((name) => this.#findings.isKnown(name));
  }

  async measured(models: readonly Architecture[] = []): Promise<readonly EngineReport[]> {
    for (const model of models) this.#wishes.add(model);
    this.#waiting++;
    try {
      await this.#pump();
      // The tests that were at work may have begun before this was asked for.
      while (this.#open && this.#next() !== null) await this.#pump();
      return this.known();
    } finally {
      this.#waiting--;
    }
  }

  wish(model: Architecture): void {
    this.#wishes.add(model);
    this.#pumpWhenFree();
  }

  again(names: readonly EngineName[] = engineNames): void {
    if (this.#renewing) return;
    this.#renewing = true;
    for (const name of names) {
      if (this.#findings.isAbsent(name)) continue;
      for (const model of this.#findings.doubt(name)) this.#wishes.add(model);
    }
    this.#pumpWhenFree();
  }

  makeWay(): void {
    this.#held = this.#now() + holdFor;
    const isUrgent = this.#waiting > 0 && (this.#atTest === null || this.#findings.isDue(this.#atTest));
    if (!isUrgent) this.#ending.abort();
  }

  async close(): Promise<void> {
    this.#open = false;
    clearTimeout(this.#timer);
    this.#ending.abort();
    await this.#atWork?.catch(() => {});
    await this.#findings.saved();
  }

  async #prepare(): Promise<void> {
    const { gpus = listGpus, surroundings = describeSurroundings } = this.#options;
    try {
      await this.#findings.load(await gpus(), surroundings);
    } catch (error) {
      this.#warn('Reading what is known of the engines', error);
    }
    this.#ready = true;
    // Where one engine is the only one there is nothing to compare, so it is measured only on request.
    if (engineNames.filter((name) => this.#isLikely(name)).length > 1) void this.#pump();
  }

  /** Sees to it that tests are under way; resolves when there is nothing left that may be tested now. */
  #pump(): Promise<void> {
    this.#atWork ??= this.#work().finally(() => {
      this.#atWork = null;
      this.#atTest = null;
      if (!this.#findings.hasDoubts) this.#renewing = false;
      if (this.#open && this.#hasWork()) this.#lookLater();
    });
    return this.#atWork;
  }

  #pumpWhenFree(): void {
    if (this.#isBusy()) this.#lookLater();
    else void this.#pump();
  }

  #lookLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#pump(), lookAgainAfter).unref();
  }

  async #work(): Promise<void> {
    await this.#prepared;
    for (let job = this.#next(); job !== null; job = this.#next()) await this.#test(job);
  }

  /** What is to be tested next; null where there is nothing, or nothing that may be done now. */
  #next(): Job | null {
    const isBusy = this.#isBusy();
    if (!this.#open || (isBusy && this.#waiting === 0)) return null;
    const missing = engineNames.find((name) => this.#findings.isDue(name) && !this.#findings.isAbsent(name));
    const models = isBusy ? [] : [...this.#wishes];
    if (missing !== undefined) return { name: missing, models };
    for (const name of engineNames) {
      const untested = this.#findings.untested(name, models);
      if (untested.length > 0) return { name, models: untested };
    }
    return null;
  }

  async #test({ name, models }: Job): Promise<void> {
    const { probe = probeEngine } = this.#options;
    this.#ending = new AbortController();
    this.#atTest = name;
    const { signal } = this.#ending;
    const onReport = (report: EngineReport) => {
      if (this.#open && !signal.aborted) this.#findings.put(report);
    };
    const report = await probe(name, { models, signal, onReport });
    if (report === null || signal.aborted) return;
    this.#findings.put(withSilences(report, models));
    this.#findings.save();
  }

  /** Whether something is left to be tested, were the machine free. */
  #hasWork(): boolean {
    return engineNames.some((name) => {
      if (!this.#findings.isDue(name)) return this.#findings.untested(name, this.#wishes).length > 0;
      const isWanted = this.#waiting > 0 || this.#wishes.size > 0 || this.#findings.isDoubted(name);
      return !this.#findings.isAbsent(name) && (isWanted || this.#isLikely(name));
    });
  }

  #isBusy(): boolean {
    return this.#now() < this.#held || (this.#options.busy?.() ?? false);
  }

  #isLikely(name: EngineName): boolean {
    const { mayHaveDevice = (engine) => engineDrivers[engine].mayHaveDevice?.() ?? true } = this.#options;
    return !this.#findings.isAbsent(name) && mayHaveDevice(name);
  }
}

/** A report that gives a reason for each of `models` of which it says nothing. */
function withSilences(report: EngineReport, models: readonly Architecture[]): EngineReport {
  const reason = 'its test came to no result';
  const silent = models.filter((model) => report.available && report.models?.[model] === undefined);
  const all = { ...report.models, ...Object.fromEntries(silent.map((model) => [model, { reason }])) };
  return Object.keys(all).length === 0 ? report : { ...report, models: all };
}
