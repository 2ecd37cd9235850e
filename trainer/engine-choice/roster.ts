import { type Architecture, architectures } from '#core/models/registry.ts';
import { type EngineName, engineNames, engineOf } from '#core/engines/registry.ts';
import type { EngineReport } from '#core/engines/report.ts';
import type { EngineMemory } from './engine-memory.ts';
import { type Gpu, listGpus } from '#trainer/engines/gpus.ts';
import { findDevices } from './places.ts';
import { type Probe, probeEngine } from './probe.ts';
import { engineDrivers } from '#trainer/engines/registry.ts';
import { describeSurroundings } from './surroundings.ts';

export interface RosterOptions {
  /** Where measurements outlive this process; without it they do not. */
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
  /** Resolves when every engine was tested; until then and unless runs are at work, so are these architectures on each. */
  measured(models?: readonly Architecture[]): Promise<readonly EngineReport[]>;
  /** Puts an architecture on the list of what is measured when there is time. */
  wish(model: Architecture): void;
  /** Tests these engines anew when there is time, all unless told otherwise; until then what is known stands. */
  again(names?: readonly EngineName[]): void;
  /**
   * A run is about to start: the test of an architecture, or any that nobody waits for, is ended. It begins again when
   * there is time.
   */
  makeWay(): void;
  /** Ends the test at work and begins no other. */
  close(): Promise<void>;
}

/** Ms between two looks whether runs are still at work. */
const lookAgainAfter = 1000;

/** Ms from the wish for a run until it is certainly at work. */
const holdFor = 2000;

/** Opens the roster and reads what is remembered; where an engine besides wasm is likely to be here, tests begin. */
export function openRoster(options: RosterOptions = {}): EngineRoster {
  const { memory, probe = probeEngine, now = Date.now, warn = () => {} } = options;
  const {
    absence = (name) => engineDrivers[name].findAbsence(),
    mayHaveDevice = (name) => engineDrivers[name].mayHaveDevice?.() ?? true,
  } = options;
  const busy = () => now() < held || (options.busy?.() ?? false);
  const likely = (name: EngineName) => absence(name) === undefined && mayHaveDevice(name);
  const found = new Map<EngineName, EngineReport>();
  const wishes = new Set<Architecture>();
  /** Engines whose report is to be replaced. */
  const stale = new Set<EngineName>();
  /** Engines are being tested anew: one round at a time, however often it is asked for. */
  let renewing = false;
  let gpus: readonly Gpu[] = [];
  let surroundings = '';
  let open = true;
  let ready = false;
  /** Callers that wait for the tests of engines. */
  let waiting = 0;
  let atWork: Promise<void> | null = null;
  let ending = new AbortController();
  let atTest: EngineName | null = null;
  let held = 0;
  let timer: NodeJS.Timeout | undefined;
  let saving: Promise<void> = Promise.resolve();

  const start = prepare();

  async function prepare(): Promise<void> {
    try {
      gpus = await (options.gpus ?? listGpus)();
      surroundings = await (options.surroundings ?? describeSurroundings)(gpus);
      for (const report of (await memory?.load(surroundings)) ?? []) {
        if (absence(report.name) === undefined && !found.has(report.name)) found.set(report.name, report);
      }
    } catch (error) {
      warn('Reading what is known of the engines', error);
    }
    ready = true;
    // What is everywhere, alone, needs no measuring: who wants to know asks.
    if (engineNames.some((name) => !engineOf(name).everywhere && likely(name))) void pump();
  }

  function reportOf(name: EngineName): EngineReport {
    const report = found.get(name);
    if (report !== undefined) return complete(report);
    const reason = absence(name);
    if (reason !== undefined) return complete({ name, available: false, device: '', version: '', reason });
    // Of an engine that is not everywhere only its test can tell.
    const { everywhere, title } = engineOf(name);
    return complete({ name, available: everywhere, pending: true, device: everywhere ? title : '', version: '' });
  }

  function complete(report: EngineReport): EngineReport {
    const devices = findDevices(report, gpus);
    if (devices.length > 0) return { ...report, devices };
    if (report.available || report.pending || namesCommand(report.reason ?? '')) return report;
    return { ...report, remedy: engineDrivers[report.name].remedy(process.platform) };
  }

  function put(report: EngineReport): void {
    const before = found.get(report.name);
    // The speeds of other models stand, as long as it is the same device and nobody doubts them.
    const same =
      !stale.delete(report.name) &&
      before?.available &&
      before.device === report.device &&
      before.version === report.version;
    const models = same ? { ...before.models, ...report.models } : (report.models ?? {});
    found.set(report.name, Object.keys(models).length === 0 ? report : { ...report, models });
  }

  function save(): void {
    saving = saving
      .then(() => memory?.save(surroundings, [...found.values()]))
      .catch((error: unknown) => warn('Remembering what is known of the engines', error));
  }

  /** What is to be tested next; null where there is nothing, or nothing that may be done now. */
  function next(): { readonly name: EngineName; readonly models: readonly Architecture[] } | null {
    if (!open || (busy() && waiting === 0)) return null;
    const missing = engineNames.find((name) => isDue(name) && absence(name) === undefined);
    const models = busy() ? [] : [...wishes];
    if (missing !== undefined) return { name: missing, models };
    for (const name of engineNames) {
      const report = found.get(name);
      const untested = models.filter((model) => report?.available && report.models?.[model] === undefined);
      if (untested.length > 0) return { name, models: untested };
    }
    return null;
  }

  async function work(): Promise<void> {
    await start;
    for (let job = next(); job !== null; job = next()) {
      const end = new AbortController();
      ending = end;
      atTest = job.name;
      const { signal } = end;
      const onReport = (report: EngineReport) => open && !signal.aborted && put(report);
      const report = await probe(job.name, { models: job.models, signal, onReport });
      if (report === null || signal.aborted) continue;
      const reason = 'its test came to no result';
      const silent = job.models.filter((model) => report.available && report.models?.[model] === undefined);
      const models = { ...report.models, ...Object.fromEntries(silent.map((model) => [model, { reason }])) };
      put(Object.keys(models).length === 0 ? report : { ...report, models });
      save();
    }
  }

  function pump(): Promise<void> {
    atWork ??= work().finally(() => {
      atWork = null;
      atTest = null;
      if (stale.size === 0) renewing = false;
      if (open && hasWork()) lookLater();
    });
    return atWork;
  }

  /** Whether something is left to be tested, were the machine free. */
  function hasWork(): boolean {
    return engineNames.some((name) => {
      const report = found.get(name);
      if (report === undefined || stale.has(name)) {
        return absence(name) === undefined && (waiting > 0 || wishes.size > 0 || stale.has(name) || likely(name));
      }
      return report.available && [...wishes].some((model) => report.models?.[model] === undefined);
    });
  }

  function lookLater(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void pump(), lookAgainAfter).unref();
  }

  function isDue(name: EngineName): boolean {
    return !found.has(name) || stale.has(name);
  }

  const isTested = (name: EngineName) => found.has(name) || absence(name) !== undefined;
  const known = () => engineNames.map(reportOf);

  return {
    known,
    isDecided: () => {
      const here = engineNames.filter(likely);
      if (here.every((name) => engineOf(name).everywhere)) return true;
      return ready && here.every(isTested);
    },
    async measured(models = []) {
      for (const model of models) wishes.add(model);
      waiting++;
      try {
        await pump();
        // The tests that were at work may have begun before this was asked for.
        while (open && next() !== null) await pump();
        return known();
      } finally {
        waiting--;
      }
    },
    wish(model) {
      wishes.add(model);
      if (!busy()) void pump();
      else lookLater();
    },
    again(names = engineNames) {
      if (renewing) return;
      renewing = true;
      for (const name of names) {
        if (absence(name) !== undefined) continue;
        stale.add(name);
        for (const model of architectures) if (found.get(name)?.models?.[model] !== undefined) wishes.add(model);
      }
      if (!busy()) void pump();
      else lookLater();
    },
    makeWay() {
      held = now() + holdFor;
      if (waiting === 0 || (atTest !== null && !isDue(atTest))) ending.abort();
    },
    async close() {
      open = false;
      clearTimeout(timer);
      ending.abort();
      await atWork?.catch(() => {});
      await saving;
    },
  };
}

/** Whether a reason says already what to run. */
function namesCommand(reason: string): boolean {
  return /\b(npm (run|ci|install)|apt(-get)? install)\b/.test(reason);
}
