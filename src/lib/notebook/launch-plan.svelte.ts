import type { Plan, PlanRequest } from '#core/api/plan.ts';
import { canonicalJson } from '#core/config/digest.ts';
import { planRun } from '#lib/api/runs.ts';
import type { Fetch } from '#lib/api/request.ts';

const settleAfter = 400;

/** What would happen, were Run pressed: asked of the server for the newest request, and again whenever something has ended. */
export class LaunchPlan {
  readonly #fetch: Fetch;
  /** Hears every plan that comes. */
  readonly #hear: (plan: Plan) => void;
  #plan = $state.raw<{ readonly of: string; readonly plan: Plan } | null>(null);
  #wanted = $state('');
  #trouble = $state<string | null>(null);
  #request: PlanRequest | null = null;
  #asking: { readonly of: string; readonly end: Promise<void> } | null = null;
  #abort: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(fetcher: Fetch = (input, init) => fetch(input, init), hear: (plan: Plan) => void = () => {}) {
    this.#fetch = fetcher;
    this.#hear = hear;
  }

  /** The newest answer; null before the first. */
  get plan(): Plan | null {
    return this.#plan?.plan ?? null;
  }
  /** Whether it is of another text than the page has now. */
  get isOld(): boolean {
    return this.#plan !== null && this.#plan.of !== this.#wanted;
  }
  /** Why there is none. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** Works towards the plan of a request once it has stood still for a moment. */
  follow(request: PlanRequest): void {
    const wanted = canonicalJson(request);
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#request = request;
    this.again();
  }

  /** Asks once more for the same: something that it depends on has changed. */
  again(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), settleAfter);
  }

  /** The plan of the newest request, waited for; null where nobody answers. */
  async settled(): Promise<Plan | null> {
    if (this.#plan?.of !== this.#wanted) {
      clearTimeout(this.#timer);
      await (this.#asking?.of === this.#wanted ? this.#asking.end : this.#ask());
    }
    return this.#plan?.of === this.#wanted ? this.#plan.plan : null;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#wanted = '';
  }

  #ask(): Promise<void> {
    this.#abort?.abort();
    const [abort, of, request] = [new AbortController(), this.#wanted, this.#request];
    if (request === null) return Promise.resolve();
    this.#abort = abort;
    const end = planRun(this.#fetch, request, abort.signal).then(
      (plan) => {
        if (abort.signal.aborted) return;
        this.#plan = { of, plan };
        this.#trouble = null;
        this.#hear(plan);
      },
      (error: unknown) => {
        if (!abort.signal.aborted) this.#trouble = error instanceof Error ? error.message : String(error);
      },
    );
    const asking = { of, end };
    this.#asking = asking;
    return end.finally(() => {
      if (this.#asking === asking) this.#asking = null;
    });
  }
}
