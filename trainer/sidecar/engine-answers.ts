import type { Architecture } from '#core/models/registry.ts';
import { rankEngines } from '#core/engines/ranking.ts';
import type { EngineReport } from '#core/engines/report.ts';
import type { EngineRoster } from '#trainer/engine-choice/roster.ts';

/** Ms after a fresh test in which engines are not tested again. */
const freshFor = 5000;

/** What is asked of the engines over HTTP. */
export class EngineAnswers {
  readonly #roster: EngineRoster;
  #testedAnew = -Infinity;

  constructor(roster: EngineRoster) {
    this.#roster = roster;
  }

  /** Engines, fastest first, when they are tested, for one architecture or in general; `fresh` tests them again. */
  async rank({
    model,
    fresh,
  }: {
    readonly model?: Architecture;
    readonly fresh: boolean;
  }): Promise<readonly EngineReport[]> {
    // It is a GET, which an image on any page could ask for a hundred times.
    if (fresh && performance.now() - this.#testedAnew > freshFor) {
      this.#testedAnew = performance.now();
      this.#roster.again();
    }
    return rankEngines(await this.#roster.measured(model === undefined ? [] : [model]), model).order;
  }
}
