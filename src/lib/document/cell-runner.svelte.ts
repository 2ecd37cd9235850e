import { untrack } from 'svelte';
import { type CellKind, cellKinds, type CellResult, type CellResultOf } from '#core/api/cell-answers.ts';
import type { CellProgress } from '#core/api/read-cell.ts';
import type { Plan } from '#core/api/plan.ts';
import { type Config, type ConfigGroups, type Group, groups as allGroups } from '#core/config/config.ts';
import { defaultConfig } from '#core/config/compile.ts';
import { canonicalJson } from '#core/config/digest.ts';
import { AppError } from '#core/error.ts';
import { cellAncestors, type CellInputs, cellInputs, neededGroups } from '#core/notebook/cell-inputs.ts';
import {
  abandon,
  type Activity,
  advance,
  ask,
  begin,
  type CellLife,
  type Ending,
  judge,
  newLife,
  settle,
  type Validity,
} from '#core/notebook/cell-life.ts';
import { ApiError } from '#lib/api/request.ts';
import type { CellReading } from '#lib/api/cells.ts';
import { brokenOf } from './preview-parts.ts';
import type { Obstacle } from './output.ts';

/** Has a cell run elsewhere; a test gives its own. */
type RunCell = (
  kind: CellKind,
  of: { readonly version: number; readonly wait: boolean },
  signal: AbortSignal,
  hear: (said: CellProgress) => void,
) => Promise<CellResult>;

interface Asked {
  readonly kind: CellKind;
  readonly version: number;
  /** model: until the engine is free. */
  readonly wait: boolean;
}

type ByKind<Value> = Readonly<Record<CellKind, Value>>;

/** Measured seconds under which a cell runs by itself after an edit. */
const soon = 2;
const settleAfter = 350;
const busyAfter = 1000;

/**
 * The cells of a page that run in a program of their own: one at a time, first those that a wanted one needs. After an edit
 * those run by themselves that were measured to take less than 2 s; the others wait to be asked. What counts is the version
 * of a run: whatever an older one still says is dropped.
 */
export class CellRunner {
  readonly #run: RunCell;
  #lives = $state.raw<ByKind<CellLife<CellResult>>>(every(() => newLife()));
  #readings = $state.raw<Partial<ByKind<CellReading>>>({});
  /** Seconds that the computing itself took, wherever it was done. */
  #costs = $state.raw<Partial<ByKind<number>>>({});
  #inputs = $state.raw<ByKind<CellInputs | null>>(every(() => null));
  #broken = $state.raw<readonly Group[]>([]);
  #good: Config = defaultConfig();
  #isFollowing = false;
  /** Cells that never ran here and are there all the same, as the plan knows. */
  #cached: readonly CellKind[] = [];
  #queue: readonly Asked[] = [];
  #underway: { readonly asked: Asked; readonly abort: AbortController } | null = null;
  #version = 0;
  #edited = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isPumping = false;

  constructor(run: RunCell) {
    this.#run = run;
  }

  /** Every cell that has an outcome of its own; `train` is a run. */
  isLive(group: Group): group is CellKind {
    return (cellKinds as readonly Group[]).includes(group);
  }

  readonly #validities: ByKind<Validity> = $derived.by(() => {
    const found: Partial<Record<CellKind, Validity>> = {};
    for (const kind of cellKinds) {
      found[kind] = judge(kind, this.#lives[kind], this.#inputsOf(kind), this.#obstacle(kind, found));
    }
    return found as ByKind<Validity>;
  });
  validityOf(kind: CellKind): Validity {
    return this.#validities[kind];
  }
  activityOf(kind: CellKind): Activity {
    return this.#lives[kind].activity;
  }
  /** What the cell came to, of the inputs of now or of older ones; null where it never ran, or failed. */
  resultOf<Kind extends CellKind>(kind: Kind): CellResultOf<Kind> | null {
    const { outcome } = this.#lives[kind];
    return outcome?.ok && isOf(outcome.result, kind) ? outcome.result : null;
  }
  /** The same, while it is what a run would come to now. */
  freshOf<Kind extends CellKind>(kind: Kind): CellResultOf<Kind> | null {
    return this.#validities[kind].state === 'fresh' ? this.resultOf(kind) : null;
  }
  /** Where its last outcome came from. */
  readingOf(kind: CellKind): CellReading | null {
    return this.#readings[kind] ?? null;
  }
  /** Seconds that it was measured to take; null where it never was. */
  costOf(kind: CellKind): number | null {
    return this.#costs[kind] ?? null;
  }
  /** Whether an edit makes it run without being asked. */
  runsItself(kind: CellKind): boolean {
    const cost = this.costOf(kind);
    return cost !== null && cost < soon;
  }
  /** All that a cell's header says of it. */
  factsOf(kind: CellKind) {
    return {
      validity: this.validityOf(kind),
      activity: this.activityOf(kind),
      reading: this.readingOf(kind),
      cost: this.costOf(kind),
      runsItself: this.runsItself(kind),
    };
  }
  get isBusy(): boolean {
    return cellKinds.some((kind) => this.#lives[kind].activity.state !== 'idle');
  }

  /** Takes up what the cells say now; those that run by themselves do so once they have stood still for a moment. */
  follow(groups: ConfigGroups): void {
    // Whoever follows from an effect must not begin anew with each answer.
    untrack(() => this.#follow(groups));
  }

  #follow(groups: ConfigGroups): void {
    const broken = brokenOf(groups);
    // A cell that is being mended is worked with as it last could be read, where others need a key of it.
    const kept = allGroups.map((group) => [group, groups[group] ?? this.#good[group]]);
    this.#good = Object.fromEntries(kept) as unknown as Config;
    const inputs = every((kind) => (brokenFor(kind, broken) ? null : cellInputs(kind, this.#good)));
    const keys = (of: ByKind<CellInputs | null>) => canonicalJson(cellKinds.map((kind) => of[kind]?.key ?? null));
    const isFirst = !this.#isFollowing;
    this.#isFollowing = true;
    const isSame = keys(inputs) === keys(this.#inputs) && canonicalJson(broken) === canonicalJson(this.#broken);
    if (isSame && !isFirst) return;
    this.#inputs = inputs;
    this.#broken = broken;
    this.#edited ||= !isFirst;
    this.#wakeSoon();
  }

  /** Takes up what is known of cells that did not run here: those that are there already come without being asked. */
  know(plan: Pick<Plan, 'cells'>): void {
    // Of the others a run takes something else than their cell does: it times no steps.
    const cells = plan.cells.filter(({ kind }) => kind === 'data' || kind === 'features' || kind === 'targets');
    this.#cached = cells.flatMap(({ kind, action }) => (this.isLive(kind) && action === 'cached' ? [kind] : []));
    const expected = cells.flatMap(({ kind, action, seconds }) =>
      action === 'run' && seconds !== null && this.isLive(kind) && this.#costs[kind] === undefined
        ? [[kind, seconds] as const]
        : [],
    );
    if (expected.length > 0) this.#costs = { ...this.#costs, ...Object.fromEntries(expected) };
    this.#wakeSoon();
  }

  /** Runs a cell, and before it those that it needs and that are not fresh. */
  run(kind: CellKind, { wait = false }: { readonly wait?: boolean } = {}): void {
    for (const needed of cellAncestors(kind)) {
      if (this.#validities[needed].state !== 'fresh' && !this.#isOnItsWay(needed)) this.#ask(needed, false);
    }
    this.#ask(kind, wait);
  }

  /** Ends a cell's run, and takes those that wait for it from the queue. */
  cancel(kind: CellKind): void {
    const isConcerned = (other: CellKind) => other === kind || cellAncestors(other).includes(kind);
    const dropped = this.#queue.filter((asked) => isConcerned(asked.kind));
    this.#queue = this.#queue.filter((asked) => !isConcerned(asked.kind));
    for (const asked of dropped) this.#change(asked.kind, abandon);
    if (this.#underway?.asked.kind === kind) {
      this.#change(kind, abandon);
      this.#underway.abort.abort();
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#queue = [];
    this.#underway?.abort.abort();
  }

  #obstacle(kind: CellKind, known: Partial<Record<CellKind, Validity>>): Obstacle | null {
    const broken = brokenFor(kind, this.#broken);
    if (broken) return { cell: broken, why: 'has a problem' };
    const failed = cellAncestors(kind).find((needed) => known[needed]?.state === 'failed');
    return failed ? { cell: failed, why: 'failed' } : null;
  }

  /** With the source as the data cell last read it: what others made of another file is no longer what the page says. */
  #inputsOf(kind: CellKind): CellInputs | null {
    const inputs = this.#inputs[kind];
    return inputs && kind !== 'data' ? { ...inputs, data: this.resultOf('data')?.fingerprint ?? null } : inputs;
  }

  #change(kind: CellKind, by: (life: CellLife<CellResult>) => CellLife<CellResult>): void {
    this.#lives = { ...this.#lives, [kind]: by(this.#lives[kind]) };
  }

  #isOnItsWay(kind: CellKind): boolean {
    const { activity, inputs } = this.#lives[kind];
    return activity.state === 'queued' || (activity.state === 'running' && inputs?.key === this.#inputs[kind]?.key);
  }

  #ask(kind: CellKind, wait: boolean): void {
    const version = ++this.#version;
    this.#change(kind, (life) => ask(life, version));
    this.#queue = [...this.#queue.filter((asked) => asked.kind !== kind), { kind, version, wait }];
    if (this.#underway?.asked.kind === kind) this.#underway.abort.abort();
    void this.#pump();
  }

  #wakeSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#wake(), settleAfter);
  }

  /** Asks for what runs by itself. */
  #wake(): void {
    const willBe: CellKind[] = [];
    for (const kind of cellKinds) {
      const { state } = this.#validities[kind];
      const isReady = cellAncestors(kind).every(
        (needed) => this.#validities[needed].state === 'fresh' || willBe.includes(needed),
      );
      const isThere = state === 'never' && this.#cached.includes(kind);
      const isCheap = (state === 'stale' || (state === 'never' && this.#edited)) && this.runsItself(kind);
      if (this.#isOnItsWay(kind)) willBe.push(kind);
      else if (isReady && this.#lives[kind].activity.state === 'idle' && (isThere || isCheap)) {
        willBe.push(kind);
        this.#ask(kind, false);
      }
    }
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
        this.#queue = this.#queue.slice(1);
        await this.#work(next);
      }
    } finally {
      this.#isPumping = false;
    }
    this.#wakeSoon();
  }

  async #work(asked: Asked): Promise<void> {
    const { kind, version, wait } = asked;
    const inputs = this.#inputsOf(kind);
    if (inputs === null || this.#validities[kind].state === 'missing') return this.#change(kind, abandon);
    const abort = new AbortController();
    this.#underway = { asked, abort };
    this.#change(kind, (life) => begin(life, version, inputs));
    let reading: CellReading | null = null;
    try {
      const result = await this.#run(kind, { version, wait }, abort.signal, (said) => {
        if ('from' in said) reading = said.step === kind ? said : reading;
        else this.#change(kind, (life) => advance(life, version, said.share, said.doing));
      });
      this.#settle(asked, { ok: true, result }, reading);
    } catch (error) {
      if (abort.signal.aborted) return;
      if (error instanceof ApiError && error.code === 'state_conflict') return this.#askAgain(asked);
      const message = error instanceof Error ? error.message : String(error);
      const code = error instanceof ApiError || error instanceof AppError ? error.code : 'internal';
      this.#settle(asked, { ok: false, code, message }, null);
    } finally {
      this.#underway = null;
    }
  }

  #settle({ kind, version }: Asked, ending: Ending<CellResult>, reading: CellReading | null): void {
    const before = this.#lives[kind];
    this.#change(kind, (life) => settle(life, version, ending));
    if (this.#lives[kind] === before) return;
    this.#readings = { ...this.#readings, [kind]: reading ?? undefined };
    if (reading === null) return;
    this.#costs = { ...this.#costs, [kind]: reading.from === 'computed' ? reading.seconds : reading.saved };
  }

  /** The machine runs as many cells as it can: the same version, a moment later. */
  #askAgain(asked: Asked): Promise<void> {
    this.#change(asked.kind, (life) =>
      life.version === asked.version ? { ...life, activity: { state: 'queued' } } : life,
    );
    return new Promise((resolve) =>
      setTimeout(() => {
        if (this.#lives[asked.kind].version === asked.version) this.#queue = [asked, ...this.#queue];
        resolve();
      }, busyAfter),
    );
  }
}

function every<Value>(value: (kind: CellKind) => Value): ByKind<Value> {
  return Object.fromEntries(cellKinds.map((kind) => [kind, value(kind)])) as ByKind<Value>;
}

function isOf<Kind extends CellKind>(result: CellResult, kind: Kind): result is CellResultOf<Kind> {
  return result.step === kind;
}

/** The first cell with a problem among a cell and those that it needs. */
function brokenFor(kind: CellKind, broken: readonly Group[]): Group | undefined {
  return [kind, ...neededGroups(kind)].find((group) => broken.includes(group));
}
