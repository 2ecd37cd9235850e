import { describe, expect, it } from 'vitest';
import { ChartGestures } from '#lib/chart/chart-gestures.svelte.ts';
import type { XWindow } from '#lib/chart/x-window.ts';

/** A chart of 0 to 10 with its frame from pixel 50 to 150, and points at whole numbers. */
function chart() {
  let zoom: XWindow | null = null;
  let cursor: number | null = null;
  const gestures = new ChartGestures({
    extent: [0, 10],
    get domain() {
      return zoom ?? ([0, 10] as const);
    },
    range: [50, 150],
    get cursor() {
      return cursor;
    },
    zoom: (next) => (zoom = next),
    point: (x) => (cursor = x === null ? null : Math.round(x)),
    step: (by) => (cursor = Math.min(10, Math.max(0, (cursor ?? (by > 0 ? -1 : 11)) + by))),
  });
  const currentTarget = document.createElement('div');
  const pointer = (clientX: number, more: Partial<PointerEvent> = {}) => ({
    pointerId: 1,
    pointerType: 'mouse',
    button: 0,
    shiftKey: false,
    clientX,
    currentTarget,
    ...more,
  });
  const key = (name: string, shiftKey = false) => gestures.key({ key: name, shiftKey });
  return { gestures, pointer, key, zoom: () => zoom, cursor: () => cursor };
}

describe('a mouse over a chart', () => {
  it('points, and points at nothing once it is away', () => {
    const { gestures, pointer, cursor } = chart();
    gestures.move(pointer(83));
    expect(cursor()).toBe(3);
    gestures.leave(pointer(0));
    expect(cursor()).toBeNull();
  });

  it('zooms into the part that it drags over, in either direction, and not at a mere press', () => {
    const { gestures, pointer, zoom } = chart();
    gestures.press(pointer(120));
    gestures.move(pointer(70));
    expect(gestures.brush).toEqual([7, 2]);
    gestures.release(pointer(70));
    expect([zoom(), gestures.brush]).toEqual([[2, 7], null]);
    gestures.press(pointer(100));
    gestures.release(pointer(100));
    expect(zoom()).toEqual([2, 7]);
  });

  it('pans with Shift, and with a wheel sideways while zoomed', () => {
    const { gestures, pointer, zoom } = chart();
    expect(gestures.wheel({ deltaX: 20, deltaY: 0 })).toBe(false);
    gestures.magnify(0.5);
    expect(zoom()).toEqual([2.5, 7.5]);
    gestures.press(pointer(100, { shiftKey: true }));
    gestures.move(pointer(80, { shiftKey: true }));
    gestures.release(pointer(80));
    expect(zoom()).toEqual([3.5, 8.5]);
    expect(gestures.wheel({ deltaX: -20, deltaY: 3 })).toBe(true);
    expect(zoom()).toEqual([2.5, 7.5]);
    expect(gestures.wheel({ deltaX: 3, deltaY: 20 })).toBe(false);
  });
});

describe('fingers on a chart', () => {
  it('point with one, and what was pointed at stays to be read', () => {
    const { gestures, pointer, cursor } = chart();
    const finger = (clientX: number) => pointer(clientX, { pointerType: 'touch' });
    gestures.press(finger(70));
    expect(cursor()).toBe(2);
    gestures.move(finger(90));
    gestures.release(finger(90));
    gestures.leave(finger(90));
    expect(cursor()).toBe(4);
  });

  it('zoom and pan with two', () => {
    const { gestures, pointer, zoom } = chart();
    const finger = (pointerId: number, clientX: number) => pointer(clientX, { pointerId, pointerType: 'touch' });
    gestures.press(finger(1, 90));
    gestures.press(finger(2, 110));
    gestures.move(finger(1, 75));
    gestures.move(finger(2, 125));
    expect(zoom()?.map((x) => Math.round(100 * x) / 100)).toEqual([3, 7]);
    gestures.move(finger(1, 100));
    gestures.move(finger(2, 150));
    expect(zoom()?.map((x) => Math.round(100 * x) / 100)).toEqual([2, 6]);
    gestures.release(finger(1, 100));
    gestures.release(finger(2, 150));
    expect(gestures.brush).toBeNull();
  });
});

describe('keys over a chart', () => {
  it('go from point to point, pan, zoom around the point, show all, and leave the rest to the page', () => {
    const { key, zoom, cursor } = chart();
    expect(key('Escape')).toBe(false);
    expect(key('ArrowRight')).toBe(true);
    key('ArrowRight');
    expect(cursor()).toBe(1);
    key('+');
    expect(zoom()).toEqual([0.5, 5.5]);
    key('ArrowRight', true);
    expect(zoom()).toEqual([1.5, 6.5]);
    key('0');
    expect(zoom()).toBeNull();
    expect(key('Escape')).toBe(true);
    expect(cursor()).toBeNull();
    expect(key('j')).toBe(false);
  });
});
