import { seedOverride } from '#core/run/next-seed.ts';
import type { RunDiff } from '#core/api/run-diff.ts';
import { isSettled } from '#core/run/state.ts';
import type { Fetch } from '#lib/api/request.ts';
import { readDiff } from '#lib/api/comparisons.ts';
import { type Curves, forkRun, readCurves } from '#lib/api/runs.ts';
import type { CurveAxis } from '#lib/run/run-axis.ts';
import { type CompareAddress, inOrder, writeAddress } from './compare-address.ts';
import { lackingSeeds } from './lacking-seeds.ts';
import { overlaidMetrics } from './overlaid-curves.ts';
import { placeRuns } from './placed-run.ts';

/** Points a curve: as many as the widest screen has columns, of which each may show two. */
const points = 2000;
/** ms between two looks at runs that are on their way. */
const lookEvery = 4000;

/** Runs beside each other on a page: what the server said of them, their curves, and how they are looked at. */
export class CompareSession {
  readonly #fetch: Fetch;
  readonly #show: (address: string) => void;
  #address = $state.raw<CompareAddress>() as CompareAddress;
  #diff = $state.raw<RunDiff>() as RunDiff;
  #curves = $state.raw<Readonly<Record<string, Curves['curves']>>>({});
  #reading = $state(false);
  #trouble = $state<string | null>(null);
  #asked = 0;
  #making = $state(false);

  /** @param show told the address whenever the look changes */
  constructor(
    diff: RunDiff,
    address: CompareAddress,
    show: (address: string) => void,
    fetcher: Fetch = (input, init) => fetch(input, init),
  ) {
    this.#diff = diff;
    this.#address = address;
    this.#show = show;
    this.#fetch = fetcher;
  }

  get address(): CompareAddress {
    return this.#address;
  }
  get diff(): RunDiff {
    return this.#diff;
  }
  /** Curves of each run by its id, as far as they are read. */
  get curves(): Readonly<Record<string, Curves['curves']>> {
    return this.#curves;
  }
  get reading(): boolean {
    return this.#reading;
  }
  /** Why something could not be read or made. */
  get trouble(): string | null {
    return this.#trouble;
  }
  get making(): boolean {
    return this.#making;
  }
  /** The base first. */
  readonly runs = $derived.by(() => placeRuns(this.#diff.runs, this.#address));
  /** In the order of the address, in which they stay whichever is the base. */
  readonly inPlace = $derived.by(() =>
    this.#address.runs.flatMap((name) => this.runs.filter((one) => one.name === name)),
  );
  /** Whether anything is still to come: of the runs, or of those of other seeds. */
  readonly isLive = $derived.by(() =>
    this.#diff.runs.some(({ status, seeds }) =>
      [status, ...seeds.runs.map((run) => run.status)].some((state) => !isSettled(state) && state !== 'interrupted'),
    ),
  );

  // Each by itself: what is read for one part of the look is not read again when another changes.
  readonly axis: CurveAxis = $derived.by(() => this.#address.axis);
  readonly smoothing: number = $derived.by(() => this.#address.smoothing);
  readonly stretch: CompareAddress['stretch'] = $derived.by(() => this.#address.stretch);

  look(part: Partial<Pick<CompareAddress, 'axis' | 'smoothing' | 'stretch'>>): void {
    this.#address = { ...this.#address, ...part };
    this.#show(writeAddress(this.#address));
  }

  /**
   * Reads the curves of all runs with the smoothing asked for; a run whose curves cannot be read is left out and said.
   * Within an effect it is done again when the smoothing changes and when the runs have been looked at again.
   */
  async readCurves(): Promise<void> {
    const asked = ++this.#asked;
    const { smoothing } = this;
    this.#reading = true;
    const failures: unknown[] = [];
    const read = await Promise.all(
      this.#diff.runs.map(({ id }) =>
        readCurves(this.#fetch, id, { keys: overlaidMetrics, points, smoothing }).then(
          ({ curves }) => [[id, curves] as const],
          (error: unknown) => {
            failures.push(error);
            return [];
          },
        ),
      ),
    );
    if (asked !== this.#asked) return;
    this.#curves = Object.fromEntries(read.flat());
    this.#trouble = failures.length === 0 ? null : messageOf(failures[0]);
    this.#reading = false;
  }

  /** Makes the runs that are missing of each that is compared, so that all have three seeds. */
  async runSeeds(): Promise<void> {
    if (this.#making) return;
    this.#making = true;
    this.#trouble = null;
    try {
      for (const { run, seeds } of lackingSeeds(this.#diff.runs).missing) {
        const { id } = run;
        for (const seed of seeds) {
          // The key makes a second press of the button one run.
          await forkRun(this.#fetch, id, { overrides: [seedOverride(seed)] }, `seed-${seed}-of-${id}`);
        }
      }
      await this.refresh();
    } catch (error) {
      this.#trouble = messageOf(error);
    } finally {
      this.#making = false;
    }
  }

  async refresh(): Promise<void> {
    this.#diff = await readDiff(this.#fetch, inOrder(this.#address));
  }

  /** Looks again every few seconds while a run is on its way and the page is seen. @returns what ends that */
  watch(): () => void {
    if (!this.isLive) return () => undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === 'hidden') return;
      this.refresh().catch((error: unknown) => (this.#trouble = messageOf(error)));
    }, lookEvery);
    return () => clearInterval(timer);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
