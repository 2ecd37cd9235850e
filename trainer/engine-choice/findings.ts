import { type EngineName, engineNames, engineOf } from '#core/engines/registry.ts';
import type { EngineReport } from '#core/engines/report.ts';
import { type Architecture, architectures } from '#core/models/registry.ts';
import type { Gpu } from '#trainer/engines/gpus.ts';
import { engineDrivers } from '#trainer/engines/registry.ts';
import type { EngineMemory } from './engine-memory.ts';
import { findDevices } from './places.ts';

interface FindingsOptions {
  /** Where they outlive this process. */
  readonly memory: EngineMemory | undefined;
  /** Why an engine cannot be here, as far as files tell; undefined where it is worth a test. */
  readonly absence: (name: EngineName) => string | undefined;
  readonly warn: (message: string, error: unknown) => void;
}

/** What the tests of the engines of this machine have found, and which of it is in doubt. */
export class Findings {
  readonly #options: FindingsOptions;
  readonly #found = new Map<EngineName, EngineReport>();
  /** Engines whose report is to be replaced. */
  readonly #doubted = new Set<EngineName>();
  #gpus: readonly Gpu[] = [];
  #surroundings = '';
  #saving: Promise<void> = Promise.resolve();

  constructor(options: FindingsOptions) {
    this.#options = options;
  }

  /** Takes up what is remembered of a machine with these GPUs. */
  async load(gpus: readonly Gpu[], describe: (gpus: readonly Gpu[]) => Promise<string>): Promise<void> {
    this.#gpus = gpus;
    this.#surroundings = await describe(gpus);
    for (const report of (await this.#options.memory?.load(this.#surroundings)) ?? []) {
      if (!this.isAbsent(report.name) && !this.#found.has(report.name)) this.#found.set(report.name, report);
    }
  }

  /** All engines, with what is known of each. */
  reports(): readonly EngineReport[] {
    return engineNames.map((name) => this.#complete(this.#found.get(name) ?? this.#guess(name)));
  }

  isAbsent(name: EngineName): boolean {
    return this.#options.absence(name) !== undefined;
  }

  /** Whether nothing more can be learned about it: it was tested, or it cannot be here. */
  isKnown(name: EngineName): boolean {
    return this.#found.has(name) || this.isAbsent(name);
  }

  isDoubted(name: EngineName): boolean {
    return this.#doubted.has(name);
  }

  get hasDoubts(): boolean {
    return this.#doubted.size > 0;
  }

  /** Whether it has no report that stands. */
  isDue(name: EngineName): boolean {
    return !this.#found.has(name) || this.#doubted.has(name);
  }

  /** Those of `models` that an engine which works has not been tested with. */
  untested(name: EngineName, models: Iterable<Architecture>): readonly Architecture[] {
    const report = this.#found.get(name);
    return report?.available ? [...models].filter((model) => report.models?.[model] === undefined) : [];
  }

  /**
   * Marks the report as outdated; it stays valid until a new one replaces it. Returns the architectures tested so far.
   */
  doubt(name: EngineName): readonly Architecture[] {
    this.#doubted.add(name);
    const models = this.#found.get(name)?.models;
    return architectures.filter((model) => models?.[model] !== undefined);
  }

  put(report: EngineReport): void {
    const before = this.#found.get(report.name);
    // Speeds of other models are kept while the device is the same and nothing marked them as outdated.
    const isSame =
      !this.#doubted.delete(report.name) &&
      before?.available &&
      before.device === report.device &&
      before.version === report.version;
    const models = isSame ? { ...before.models, ...report.models } : (report.models ?? {});
    this.#found.set(report.name, Object.keys(models).length === 0 ? report : { ...report, models });
  }

  save(): void {
    this.#saving = this.#saving
      .then(() => this.#options.memory?.save(this.#surroundings, [...this.#found.values()]))
      .catch((error: unknown) => this.#options.warn('Remembering what is known of the engines', error));
  }

  /** Resolves when all is saved. */
  async saved(): Promise<void> {
    await this.#saving;
  }

  #guess(name: EngineName): EngineReport {
    const reason = this.#options.absence(name);
    if (reason !== undefined) return { name, available: false, device: '', version: '', reason };
    // Whether an optional engine works is known only from its test.
    const { everywhere, title } = engineOf(name);
    return { name, available: everywhere, pending: true, device: everywhere ? title : '', version: '' };
  }

  #complete(report: EngineReport): EngineReport {
    const devices = findDevices(report, this.#gpus);
    if (devices.length > 0) return { ...report, devices };
    if (report.available || report.pending || namesCommand(report.reason ?? '')) return report;
    return { ...report, remedy: engineDrivers[report.name].remedy(process.platform) };
  }
}

/** Whether a reason says already what to run. */
function namesCommand(reason: string): boolean {
  return /\b(npm (run|ci|install)|apt(-get)? install)\b/.test(reason);
}
