import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { DeliveredEvent } from '#core/run/event.ts';
import { isFinal, isLive, isResumable, type RunState } from '#core/run/state.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { isListening } from '#trainer/starter/port.ts';
import { type App, startApp } from './app.ts';
import { followRun } from './follow-run.ts';
import { livingTrainers, type LivingTrainer, missedEnd } from './living-trainers.ts';
import { childrenOf, isAlive, memoryOf } from './process-table.ts';
import { asDelivered, readEvents, resultDigests } from './run-folder.ts';
import { until } from './until.ts';

/** The processes that a storm kills. */
export const targets = ['starter', 'page', 'sidecar', 'trainer'] as const;
type Target = (typeof targets)[number];

interface StormPlan {
  /** Decides every moment and every target. */
  readonly seed: number;
  /** Ms between two kills on average. */
  readonly every: number;
  /** Called after each kill. */
  readonly onKill?: (storm: KillStorm) => void;
}

/** RSS in bytes and open descriptors. */
interface Use {
  rss: number;
  descriptors: number;
}

/** What a storm has seen. */
interface StormReport {
  readonly kills: Readonly<Record<Target, number>>;
  readonly runs: number;
  /** Events of the runs that ended, each seen once, in order, by a subscriber behind the page. */
  readonly events: number;
  /** What was promised and did not hold; one sentence each. */
  readonly faults: readonly string[];
  /** The most that each program that stays took. */
  readonly most: Readonly<Record<Exclude<Target, 'trainer'>, Use>>;
}

const config = {
  data: { source: 'sample://market?seed=3&bars=1500&step=1h' },
  features: { timeframes: { '1h': { log_return: {}, rsi: {} } } },
  targets: { horizon: 2, tasks: { ret: { kind: 'return' }, dir: { kind: 'direction' } } },
  model: { lookback: 8, dropout: 0.3 },
  train: { epochs: 60, batch_size: 64, early_stopping: null, engine: 'wasm' },
};

const scripts = { page: 'trainer/web.ts', sidecar: 'trainer/sidecar/main.ts' } as const;

/** A run under fire, and all that a subscriber saw of it. */
interface Watched {
  readonly id: string;
  readonly folder: string;
  readonly seen: DeliveredEvent[];
  /** Ends the subscription and waits for it. */
  leave(): Promise<void>;
}

const childOf = (parent: number, script: string): number | null => childrenOf(parent, script)[0] ?? null;

function useOf(pid: number): Use {
  const rss = memoryOf(pid) || 0;
  try {
    return { rss, descriptors: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return { rss, descriptors: 0 };
  }
}

/**
 * The whole application, started as a person starts it, under kills at random moments: one run after the other is trained
 * while starter, page, sidecar or its trainer die, and each is held to what was promised when it ends. Linux only.
 */
export class KillStorm {
  readonly kills: Record<Target, number> = { starter: 0, page: 0, sidecar: 0, trainer: 0 };
  readonly faults: string[] = [];
  events = 0;
  runs = 0;
  readonly #ids: string[] = [];
  readonly #plan: StormPlan;
  readonly #random: () => number;
  readonly #most = {
    starter: { rss: 0, descriptors: 0 },
    page: { rss: 0, descriptors: 0 },
    sidecar: { rss: 0, descriptors: 0 },
  };
  #isCalm = false;
  #app!: App;
  #expected: Readonly<Record<string, string>> = {};
  #watched: Watched | null = null;

  constructor(plan: StormPlan) {
    this.#plan = plan;
    this.#random = seededRandom(plan.seed);
  }

  get total(): number {
    return Object.values(this.kills).reduce((sum, count) => sum + count, 0);
  }

  /** Starts the application and trains one run that nobody disturbs: what all others must come to. */
  async open(): Promise<void> {
    this.#app = await startApp({ detached: true });
    const control = await this.#create();
    await this.#untilState(control, isFinal);
    this.#expected = resultDigests(join(this.#app.home, 'runs', control));
  }

  /** Kills until the count is reached and `isOver` says so; then the last run is left to end. */
  async rage(kills: number, isOver: () => boolean = () => true): Promise<void> {
    while (!this.#isCalm && (this.total < kills || !isOver())) {
      const watched = (this.#watched ??= await this.#watch());
      await sleep(this.#random() * 2 * this.#plan.every);
      if (isFinal(await this.#stateOf(watched.id))) {
        await this.#judge(watched);
        continue;
      }
      const target = targets[Math.floor(this.#random() * targets.length)];
      const before = livingTrainers(watched.folder);
      if (!(await this.#kill(target, watched))) continue;
      this.kills[target]++;
      this.#checkTrainers(target, watched, before);
      this.#measure();
      this.#plan.onKill?.(this);
    }
    if (this.#watched !== null) {
      await this.#untilState(this.#watched.id, isFinal);
      await this.#judge(this.#watched);
    }
  }

  /** Ends the kills early. */
  calm(): void {
    this.#isCalm = true;
  }

  /** Compares what the index says of all runs with the index made anew, ends the application, and answers what was seen. */
  async close(): Promise<StormReport> {
    const before = await this.#allEvents();
    await this.#post('/system/reindex');
    if (!isDeepStrictEqual(await this.#allEvents(), before))
      this.faults.push('the index made anew says something else');
    this.#measure();
    const status = await this.#app.stop();
    if (status !== 0) this.faults.push(`the starter ended with ${status} on SIGTERM`);
    await this.#app.dispose();
    return { kills: this.kills, runs: this.runs, events: this.events, faults: this.faults, most: this.#most };
  }

  /** Ends the application whatever has happened. */
  async abandon(): Promise<void> {
    await this.#watched?.leave();
    await this.#app?.dispose();
  }

  async #request<T>(path: string, init?: RequestInit): Promise<T> {
    let answer: { status: number; body: unknown } | undefined;
    // Whoever answers may just have been killed; a request with a body bears a key, so that it counts once.
    await until(
      async () => {
        answer = await fetch(`${this.#app.url}/api${path}`, init).then(
          async (response) => ({ status: response.status, body: await response.json() }),
          () => undefined,
        );
        return answer !== undefined && answer.status < 500;
      },
      () => `${path} is answered ${JSON.stringify(answer)}\n${this.#app.output()}`,
    );
    return answer?.body as T;
  }

  #post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.#request<T>(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `${this.total}-${this.#random()}` },
      body: JSON.stringify(body),
    });
  }

  async #create(): Promise<string> {
    const { id } = await this.#post<{ id: string }>('/runs', { config });
    this.#ids.push(id);
    return id;
  }

  async #stateOf(id: string): Promise<RunState> {
    return (await this.#request<{ status: RunState }>(`/runs/${id}`)).status;
  }

  async #untilState(id: string, isWanted: (state: RunState) => boolean): Promise<RunState> {
    let state: RunState = 'queued';
    await until(
      async () => isWanted((state = await this.#stateOf(id))),
      () => `run ${id} stays ${state}\n${this.#app.output()}`,
    );
    return state;
  }

  /** Makes a run, and subscribes to it through the page as a browser does: after each break from the last id it saw. */
  async #watch(): Promise<Watched> {
    const id = await this.#create();
    const seen: DeliveredEvent[] = [];
    const leaving = new AbortController();
    const subscription = (async () => {
      while (!leaving.signal.aborted) {
        const since = seen.at(-1)?.seq ?? 0;
        await followRun(`${this.#app.url}/api`, id, since, (event) => seen.push(event), leaving.signal).catch(() => {});
        await sleep(20);
      }
    })();
    this.runs++;
    return {
      id,
      folder: join(this.#app.home, 'runs', id),
      seen,
      async leave() {
        leaving.abort();
        await subscription;
      },
    };
  }

  /** Most are kill -9; each fourth is a signal that can be obeyed. */
  #signal(): 'SIGKILL' | 'SIGTERM' {
    return this.#random() < 0.75 ? 'SIGKILL' : 'SIGTERM';
  }

  async #kill(target: Target, watched: Watched): Promise<boolean> {
    if (target === 'starter') return this.#killStarter();
    if (target === 'trainer') return this.#killTrainer(watched);
    const pid = childOf(this.#app.pid, scripts[target]);
    if (pid === null) return false;
    process.kill(pid, this.#signal());
    const port = target === 'page' ? this.#app.port : this.#app.trainerPort;
    await until(
      async () => ![null, pid].includes(childOf(this.#app.pid, scripts[target])) && isListening('127.0.0.1', port),
      () => `the ${target} is not started again\n${this.#app.output()}`,
    );
    return true;
  }

  async #killStarter(): Promise<boolean> {
    const children = Object.values(scripts).map((script) => childOf(this.#app.pid, script));
    if (this.#signal() === 'SIGKILL') await this.#app.kill();
    else {
      const status = await this.#app.stop();
      if (status !== 0) this.faults.push(`the starter ended with ${status} on SIGTERM`);
    }
    await until(
      () => children.every((pid) => pid === null || !isAlive(pid)),
      () => `page or sidecar (${children.join(', ')}) outlives the starter`,
    );
    this.#app = await startApp({ home: this.#app.home, detached: true });
    return true;
  }

  async #killTrainer(watched: Watched): Promise<boolean> {
    const [trainer] = livingTrainers(watched.folder);
    if (trainer === undefined) return false;
    const { pid } = trainer;
    try {
      process.kill(pid, this.#signal());
    } catch {
      return false;
    }
    await until(
      () => !isAlive(pid),
      () => `trainer ${pid} does not end`,
    );
    const state = await this.#untilState(watched.id, (now) => isResumable(now) || isFinal(now));
    if (isFinal(state)) return false;
    if (state !== 'interrupted') this.faults.push(`a trainer that was killed left its run ${state}`);
    await this.#post(`/runs/${watched.id}/resume`);
    await this.#untilState(watched.id, (now) => isLive(now) || isFinal(now));
    return true;
  }

  /** Trainers go on whoever else dies, unless they come to their end; never are there two. */
  #checkTrainers(target: Target, { id, folder }: Watched, before: readonly LivingTrainer[]): void {
    const after = livingTrainers(folder);
    if (after.length > 1) this.faults.push(`run ${id} has ${after.length} trainers`);
    if (target === 'trainer') return;
    for (const lost of before.filter(({ pid }) => after.every((trainer) => trainer.pid !== pid))) {
      const word = missedEnd(folder, lost);
      if (word !== null) this.faults.push(`the trainer of ${id} died with the ${target}; its log ends with ${word}`);
    }
  }

  #measure(): void {
    const pids = {
      starter: this.#app.pid,
      page: childOf(this.#app.pid, scripts.page),
      sidecar: childOf(this.#app.pid, scripts.sidecar),
    };
    for (const name of ['starter', 'page', 'sidecar'] as const) {
      const { rss, descriptors } = useOf(pids[name] ?? 0);
      const most = this.#most[name];
      most.rss = Math.max(most.rss, rss);
      most.descriptors = Math.max(most.descriptors, descriptors);
    }
  }

  /** Holds a run that has ended to what was promised: log, index, subscriber and results. */
  async #judge(watched: Watched): Promise<void> {
    const { id, folder, seen } = watched;
    this.#watched = null;
    const fault = (sentence: string) => this.faults.push(`run ${id}: ${sentence}`);
    try {
      const delivered = readEvents(folder).map(asDelivered);
      await until(
        () => (seen.at(-1)?.seq ?? 0) >= delivered.length,
        () => `a subscriber saw ${seen.length} of ${delivered.length} events`,
      );
      if (!isDeepStrictEqual(seen, delivered)) fault(`a subscriber saw ${differing(seen, delivered)}`);
      const indexed = await this.#eventsOf(id);
      if (!isDeepStrictEqual(indexed, delivered)) fault(`the index has ${differing(indexed, delivered)}`);
      if (!isDeepStrictEqual(resultDigests(folder), this.#expected))
        fault('its results differ from those of the run that was never stopped');
      this.events += delivered.length;
    } catch (error) {
      fault(error instanceof Error ? error.message : String(error));
    } finally {
      await watched.leave();
    }
  }

  async #eventsOf(id: string): Promise<readonly DeliveredEvent[]> {
    const all: DeliveredEvent[] = [];
    for (let since = 0; ;) {
      const path = `/runs/${id}/events?since=${since}&limit=1000`;
      const { items, next } = await this.#request<{ items: DeliveredEvent[]; next: number }>(path);
      all.push(...items);
      if (items.length === 0) return all;
      since = next;
    }
  }

  #allEvents(): Promise<unknown> {
    return Promise.all(this.#ids.map((id) => this.#eventsOf(id)));
  }
}

/** Where two lists of events part, in a few words. */
function differing(found: readonly DeliveredEvent[], wanted: readonly DeliveredEvent[]): string {
  const at = wanted.findIndex((event, index) => !isDeepStrictEqual(found[index], event));
  return `${found.length} events of ${wanted.length}, other ones from seq ${at < 0 ? wanted.length + 1 : at + 1} on`;
}
