import { defaultConfig } from '#core/config/compile.ts';
import type { Config } from '#core/config/config.ts';
import { parseConfig } from '#core/config/config-file.ts';
import type { Document } from '#core/config/document.ts';
import type { Architecture } from '#core/models/registry.ts';
import { type EngineName, engineOf, fallbackEngine } from '#core/engines/registry.ts';
import { findObstacle, rankEngines } from '#core/engines/ranking.ts';
import type { EngineReport } from '#core/engines/report.ts';
import { AppError } from '#core/error.ts';
import { chooseEngine, requireEngine } from '#trainer/engine-choice/choose.ts';
import { placesOf } from '#trainer/engine-choice/places.ts';
import type { EngineRoster } from '#trainer/engine-choice/roster.ts';
import { reportsVariable } from '#trainer/engine-choice/wanted-engine.ts';
import type { Place } from './runs/place.ts';

interface EngineDeskOptions {
  readonly roster: EngineRoster;
  /** `ALMANAC_ENGINE`: stands for `auto`; null leaves it to the roster. */
  readonly setting: EngineName | null;
  /** Called when runs that had to wait for a device may have one now. */
  readonly decided: () => void;
  /** Ms that a run waits for the first tests of the engines; then it is decided by what is known. */
  readonly patience?: number;
}

/** The engine that a run would get, why, in a sentence, and where it may be put, the best place first. */
export interface EngineChoice {
  readonly name: EngineName;
  readonly why: string;
  readonly places: readonly [Place, ...Place[]];
}

/** Engines as runs see them: which one they get, where they are put, and which are refused. */
export interface EngineDesk {
  /** As a run of this configuration would get it now; null until the engines are tested. @throws AppError engine_unavailable */
  choose(config: Pick<Config, 'model' | 'train'>): EngineChoice | null;
  /** The same once they are tested, as long as a run would wait for that. @throws AppError engine_unavailable */
  settle(config: Pick<Config, 'model' | 'train'>): Promise<EngineChoice>;
  /** Where a run of this configuration, as it is stored, may be put; none until its engine is tested. */
  placesOf(config: Document): readonly Place[];
  /** @throws AppError engine_unavailable where the engine asked for is known, after a test if need be, not to train this model. */
  check(config: Pick<Config, 'model' | 'train'>): Promise<void>;
}

export function createEngineDesk(options: EngineDeskOptions): EngineDesk {
  const { roster, setting, decided, patience = 20_000 } = options;
  let waited = false;
  let asked = false;

  /** Every engine that is likely to be here is tested, or a run has waited long enough. */
  function isKnown(): boolean {
    if (waited || roster.isDecided()) return true;
    if (!asked) {
      asked = true;
      void patiently(roster.measured(), patience).then(() => {
        waited = true;
        decided();
      });
    }
    return false;
  }

  const wantedBy = ({ train }: Pick<Config, 'train'>) => (train.engine === 'auto' ? (setting ?? 'auto') : train.engine);
  // Engines of the processor need no test to know their device.
  const isOpen = (wanted: 'auto' | EngineName) => (wanted === 'auto' || !engineOf(wanted).everywhere) && !isKnown();

  function placesFor(name: EngineName): readonly [Place, ...Place[]] {
    const reports = roster.known();
    const handedOn = { [reportsVariable]: JSON.stringify(reports) };
    const places = reports.filter((report) => report.name === name).flatMap(placesOf);
    // Its trainer will say what is missing, and needs no device for that.
    const [first, ...rest] =
      places.length > 0 ? places : [{ device: engineOf(name).everywhere ? 'cpu' : 'gpu:0', settings: {} }];
    const withReports = ({ device, settings }: Place) => ({ device, settings: { ...settings, ...handedOn } });
    return [withReports(first), ...rest.map(withReports)];
  }

  function choose(config: Pick<Config, 'model' | 'train'>): EngineChoice {
    const { name, why } = chooseEngine(wantedBy(config), roster.known(), config.model.architecture);
    const isSet = config.train.engine === 'auto' && setting !== null;
    return { name, why: isSet ? `ALMANAC_ENGINE asks for ${name}.` : why, places: placesFor(name) };
  }

  return {
    choose: (config) => (isOpen(wantedBy(config)) ? null : choose(config)),
    async settle(config) {
      if (isOpen(wantedBy(config))) await patiently(roster.measured(), patience);
      return choose(config);
    },
    placesOf(stored) {
      const { model, train } = parseConfig(stored).config ?? defaultConfig();
      const wanted = wantedBy({ train });
      if (isOpen(wanted)) return [];
      const reports = roster.known();
      if (wanted === 'auto' && isGuess(reports, model.architecture)) roster.wish(model.architecture);
      return placesFor(wanted === 'auto' ? findChoice(reports, model.architecture) : wanted);
    },
    async check({ model, train }) {
      const wanted = train.engine === 'auto' ? setting : train.engine;
      if (wanted === null) return;
      const isPending = roster.known().some(({ name, pending }) => name === wanted && pending);
      if (isPending && !engineOf(wanted).everywhere) await patiently(roster.measured(), patience);
      try {
        requireEngine(wanted, roster.known(), model.architecture);
      } catch (error) {
        // The obstacle may have been removed since; the next attempt will show.
        roster.again([wanted]);
        if (train.engine !== 'auto' || !(error instanceof AppError)) throw error;
        const message = `ALMANAC_ENGINE asks for ${wanted}. ${error.message}`;
        throw new AppError(error.code, message, { issues: [{ path: 'train.engine', message }] });
      }
    },
  };
}

/** The engine that `auto` comes to; the fallback where none works, whose trainer then says why. */
function findChoice(reports: readonly EngineReport[], model: Architecture): EngineName {
  try {
    return chooseEngine('auto', reports, model).name;
  } catch {
    return fallbackEngine;
  }
}

/** Whether there is a choice that was not made by this architecture's own speed. */
function isGuess(reports: readonly EngineReport[], model: Architecture): boolean {
  const usable = reports.filter((report) => report.available && findObstacle(report, model) === null);
  return usable.length > 1 && rankEngines(reports, model).by !== 'model';
}

async function patiently(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((done) => {
    timer = setTimeout(done, ms);
  });
  await Promise.race([work, enough]).finally(() => clearTimeout(timer));
}
