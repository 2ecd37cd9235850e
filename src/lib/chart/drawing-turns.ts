/** What turns need of a browser; a test gives its own. */
interface TurnEffects {
  /** Calls back before the next picture of the page; while its tab is hidden there is none. */
  frame(callback: () => void): void;
  /** ms */
  now(): number;
}

const browserEffects: TurnEffects = {
  frame: (callback) => requestAnimationFrame(callback),
  now: () => performance.now(),
};

/** A chart that is to be drawn. */
interface Turn {
  draw(): void;
  /** Asked when the turn may come: pointed at first, then in view, then the rest. */
  readonly rank: () => TurnRank;
}

type TurnRank = 'pointed' | 'seen' | 'other';
const order: readonly TurnRank[] = ['pointed', 'seen', 'other'];

/** ms of a frame that charts may use up before the others wait for the next one: with layout no task is a long one. */
const budget = 16;

/**
 * The charts of a page are drawn in turns: in each frame those pointed at, and of the others as many as fit its budget,
 * one at least. So the page's tasks do not grow with the number of charts, and none waits for ever. Of a chart that asks
 * again while it waits only the newest picture is drawn.
 */
export class DrawingTurns {
  readonly #effects: TurnEffects;
  /** In the order in which they first asked. */
  readonly #waiting = new Map<object, Turn>();
  #framed = false;

  constructor(effects: TurnEffects = browserEffects) {
    this.#effects = effects;
  }

  ask(chart: object, turn: Turn): void {
    this.#waiting.set(chart, turn);
    this.#request();
  }

  cancel(chart: object): void {
    this.#waiting.delete(chart);
  }

  /** Draws all that wait, now: the page is about to be printed. */
  drawAll(): void {
    for (const [chart, turn] of [...this.#waiting]) {
      this.#waiting.delete(chart);
      turn.draw();
    }
  }

  #request(): void {
    if (this.#framed || this.#waiting.size === 0) return;
    this.#framed = true;
    this.#effects.frame(() => this.#draw());
  }

  #draw(): void {
    this.#framed = false;
    const begun = this.#effects.now();
    const ranked = [...this.#waiting].map(([chart, turn]) => ({ chart, turn, rank: order.indexOf(turn.rank()) }));
    try {
      for (const { chart, turn, rank } of ranked.sort((a, b) => a.rank - b.rank)) {
        this.#waiting.delete(chart);
        turn.draw();
        if (rank > 0 && this.#effects.now() - begun >= budget) break;
      }
    } finally {
      // A chart that cannot be drawn keeps no other from its turn.
      this.#request();
    }
  }
}
