import { fitWithin, magnified, panned, pinched, type XWindow } from './x-window.ts';

/** What gestures read of a chart and do to it. */
interface GestureTarget {
  /** All of x, and the part shown. */
  readonly extent: XWindow;
  readonly domain: XWindow;
  /** Pixels from the left edge at which the domain begins and ends; null before anything is drawn. */
  readonly range: readonly [number, number] | null;
  readonly cursor: number | null;
  zoom(window: XWindow | null): void;
  /** Points at a place of x, or at none. */
  point(x: number | null): void;
  /** Points at the next point to the right (1) or to the left (−1). */
  step(by: 1 | -1): void;
}

type PointerPart = Pick<PointerEvent, 'pointerId' | 'pointerType' | 'clientX' | 'button' | 'shiftKey'> & {
  readonly currentTarget: EventTarget | null;
};

interface Finger {
  readonly id: number;
  /** What it was put down on, and where it is now in pixels. */
  readonly place: number;
  readonly at: number;
}

/**
 * Pointers, wheel and keys over a chart. A mouse drags a part of x to zoom into it, with Shift it pans; one finger points,
 * two pinch and pan; arrows go from point to point, with Shift they pan.
 */
export class ChartGestures {
  readonly #target: GestureTarget;
  /** Those that are down, in the order in which they came. */
  #fingers: readonly Finger[] = [];
  #pan: { readonly at: number; readonly domain: XWindow } | null = null;
  #brush = $state.raw<XWindow | null>(null);

  constructor(target: GestureTarget) {
    this.#target = target;
  }

  /** The part of x that a drag has marked so far, from where it began to where it is. */
  get brush(): XWindow | null {
    return this.#brush;
  }

  press(event: PointerPart): void {
    const at = this.#pixel(event);
    if (event.button !== 0 || at === null) return;
    if (event.pointerType === 'touch') {
      this.#fingers = [...this.#fingers, { id: event.pointerId, place: this.#place(at), at }];
      if (this.#fingers.length === 1) this.#target.point(this.#place(at));
      return;
    }
    const { currentTarget } = event;
    if (currentTarget instanceof HTMLElement) currentTarget.setPointerCapture?.(event.pointerId);
    if (event.shiftKey) this.#pan = { at, domain: this.#target.domain };
    else this.#brush = [this.#place(at), this.#place(at)];
  }

  move(event: PointerPart): void {
    const at = this.#pixel(event);
    if (at === null) return;
    this.#fingers = this.#fingers.map((finger) => (finger.id === event.pointerId ? { ...finger, at } : finger));
    if (this.#fingers.length >= 2) this.#pinch();
    else if (this.#pan) {
      const { domain } = this.#pan;
      this.#show(panned(domain, (this.#pan.at - at) / this.#width));
    } else if (this.#brush) this.#brush = [this.#brush[0], this.#place(at)];
    else this.#target.point(this.#place(at));
  }

  release(event: Pick<PointerPart, 'pointerId'>): void {
    this.#fingers = this.#fingers.filter(({ id }) => id !== event.pointerId);
    this.#pan = null;
    const brush = this.#brush;
    this.#brush = null;
    if (!brush) return;
    const { domain } = this.#target;
    // A press without a drag is none.
    if (Math.abs(brush[1] - brush[0]) > (domain[1] - domain[0]) / 100)
      this.#show([Math.min(...brush), Math.max(...brush)]);
  }

  leave(event: Pick<PointerPart, 'pointerType'>): void {
    // A finger that is lifted leaves what it pointed at, to be read.
    if (event.pointerType !== 'touch') this.#target.point(null);
  }

  /** Whether the wheel was for the chart: sideways, while a part of x is shown. */
  wheel(event: Pick<WheelEvent, 'deltaX' | 'deltaY'>): boolean {
    const { domain, extent } = this.#target;
    const isZoomed = domain[0] !== extent[0] || domain[1] !== extent[1];
    if (!isZoomed || Math.abs(event.deltaX) <= Math.abs(event.deltaY) || !this.#target.range) return false;
    this.pan(event.deltaX / this.#width);
    return true;
  }

  /** Whether the key was for the chart. */
  key({ key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>): boolean {
    const actions: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => (shiftKey ? this.pan(-0.2) : this.#target.step(-1)),
      ArrowRight: () => (shiftKey ? this.pan(0.2) : this.#target.step(1)),
      '+': () => this.magnify(0.5),
      '-': () => this.magnify(2),
      '0': () => this.#target.zoom(null),
      Escape: () => this.#target.point(null),
    };
    const action = actions[key];
    // Without anything to leave, Escape is the page's.
    if (!action || (key === 'Escape' && this.#target.cursor === null)) return false;
    action();
    return true;
  }

  /** Moves the view by a share of its width. */
  pan(share: number): void {
    this.#show(panned(this.#target.domain, share));
  }

  /** Makes the view `factor` times as wide, around what is pointed at or its middle. */
  magnify(factor: number): void {
    const { cursor, domain } = this.#target;
    const isIn = cursor !== null && cursor >= domain[0] && cursor <= domain[1];
    this.#show(magnified(domain, factor, isIn ? cursor : (domain[0] + domain[1]) / 2));
  }

  #show(window: XWindow): void {
    this.#target.zoom(fitWithin(window, this.#target.extent));
  }

  #pinch(): void {
    const [one, other] = this.#fingers;
    const { range } = this.#target;
    if (!one || !other || !range) return;
    const [left, right] = one.place < other.place ? [one, other] : [other, one];
    const share = (at: number) => (at - range[0]) / this.#width;
    const window = pinched([left.place, right.place], [share(left.at), share(right.at)]);
    if (window) this.#show(window);
  }

  get #width(): number {
    const { range } = this.#target;
    return range ? Math.max(1, range[1] - range[0]) : 1;
  }

  /** Pixels from the left edge of the chart; null before anything is drawn. */
  #pixel({ currentTarget, clientX }: Pick<PointerPart, 'currentTarget' | 'clientX'>): number | null {
    if (!this.#target.range || !(currentTarget instanceof HTMLElement)) return null;
    return clientX - currentTarget.getBoundingClientRect().left;
  }

  #place(at: number): number {
    const { domain, range } = this.#target;
    const share = (at - (range?.[0] ?? 0)) / this.#width;
    return domain[0] + Math.min(1, Math.max(0, share)) * (domain[1] - domain[0]);
  }
}
