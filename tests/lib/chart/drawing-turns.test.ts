import { describe, expect, it } from 'vitest';
import { DrawingTurns } from '#lib/chart/drawing-turns.ts';

type TurnRank = ReturnType<Parameters<DrawingTurns['ask']>[1]['rank']>;

/** Frames under the test's hand; each drawing takes so many ms. */
function turnsOf(took: number) {
  const frames: (() => void)[] = [];
  const drawn: string[] = [];
  let now = 0;
  const turns = new DrawingTurns({ frame: (callback) => void frames.push(callback), now: () => now });
  const charts = new Map<string, object>();
  const chart = (name: string) => {
    const known = charts.get(name) ?? {};
    charts.set(name, known);
    return known;
  };
  return {
    turns,
    frames,
    chart,
    ask: (name: string, rank: TurnRank = 'seen', picture = name) =>
      turns.ask(chart(name), {
        draw: () => {
          drawn.push(picture);
          now += took;
        },
        rank: () => rank,
      }),
    /** What one frame draws. */
    frame: () => {
      for (const callback of frames.splice(0)) callback();
      return drawn.splice(0);
    },
  };
}

describe('drawing turns', () => {
  it('spread dear charts over frames, one each, and cheap ones not', () => {
    const dear = turnsOf(20);
    for (const name of ['a', 'b', 'c']) dear.ask(name);
    expect([dear.frame(), dear.frame(), dear.frame(), dear.frame()]).toEqual([['a'], ['b'], ['c'], []]);
    const cheap = turnsOf(1);
    for (const name of ['a', 'b', 'c']) cheap.ask(name);
    expect([cheap.frame(), cheap.frame()]).toEqual([['a', 'b', 'c'], []]);
  });

  it('come first where somebody points, then where somebody looks, and the others follow', () => {
    const { ask, frame } = turnsOf(20);
    ask('far', 'other');
    ask('near');
    ask('pointed', 'pointed');
    expect([frame(), frame()]).toEqual([['pointed', 'near'], ['far']]);
  });

  it('go round while one chart asks with every frame', () => {
    const { ask, frame } = turnsOf(20);
    for (const name of ['a', 'b', 'c']) ask(name);
    const seen: string[] = [];
    for (let turn = 0; turn < 3; turn++) {
      ask('pointed', 'pointed');
      seen.push(...frame());
    }
    expect(seen).toEqual(['pointed', 'a', 'pointed', 'b', 'pointed', 'c']);
  });

  it('draw the newest picture only, and nothing of a chart that has gone', () => {
    const { turns, ask, frame, chart } = turnsOf(1);
    ask('a', 'seen', 'a1');
    ask('b');
    ask('a', 'seen', 'a2');
    turns.cancel(chart('b'));
    expect(frame()).toEqual(['a2']);
  });

  it('come all at once for the printer, and not again', () => {
    const { turns, ask, frame, frames } = turnsOf(20);
    ask('a');
    ask('b', 'other');
    turns.drawAll();
    expect(frame()).toEqual(['a', 'b']);
    expect(frames).toEqual([]);
  });

  it('come for the others where a chart cannot be drawn', () => {
    const { turns, ask, frames, frame, chart } = turnsOf(1);
    turns.ask(chart('bad'), {
      draw: () => {
        throw new Error('no picture');
      },
      rank: () => 'seen',
    });
    ask('good');
    expect(() => frame()).toThrow('no picture');
    expect(frames).toHaveLength(1);
    expect(frame()).toEqual(['good']);
  });
});
