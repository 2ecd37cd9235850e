import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MentionedRun } from '#lib/notebook/mentioned-run.svelte.ts';
import { runDetail } from '#tests/support/run-summary.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function open(runs: Readonly<Record<string, number>>) {
  const asked: string[] = [];
  const mentioned = new MentionedRun(async (path) => {
    const name = String(path).split('/').at(-1) ?? '';
    asked.push(name);
    if (runs[name] === undefined)
      return Response.json({ error: { code: 'run_not_found', message: 'There is no such run.' } }, { status: 404 });
    return Response.json(runDetail({ number: runs[name] }));
  });
  const words = document.createElement('div');
  words.innerHTML = '<p><a href="/runs/R1">R1</a> <a href="/runs/R2">R2</a> <a href="/else">else</a></p>';
  const end = mentioned.watch(words);
  const links = [...words.querySelectorAll('a')];
  const point = async (at: number) => {
    links[at].dispatchEvent(new Event('pointerover', { bubbles: true }));
    await vi.advanceTimersByTimeAsync(200);
  };
  const leave = (at: number) => links[at].dispatchEvent(new Event('pointerout', { bubbles: true }));
  return { asked, mentioned, links, point, leave, end };
}

it('asks for a run once the pointer rests on its name, and once at all', async () => {
  const { asked, mentioned, links, point, leave } = open({ R1: 1, R2: 2 });
  await point(0);
  expect(mentioned.card).toMatchObject({ run: { number: 1 }, trouble: null });
  expect(links[0].getAttribute('aria-describedby')).toBe(mentioned.card?.id);
  leave(0);
  expect([mentioned.card, links[0].getAttribute('aria-describedby')]).toEqual([null, null]);
  await point(0);
  await point(1);
  expect(mentioned.card).toMatchObject({ run: { number: 2 } });
  await point(2);
  expect(asked).toEqual(['R1', 'R2']);
});

it('says that there is no such run, and asks again the next time', async () => {
  const { asked, mentioned, point, leave, end } = open({});
  await point(0);
  expect(mentioned.card).toMatchObject({ run: null, trouble: 'There is no such run.' });
  leave(0);
  await point(0);
  expect(asked).toEqual(['R1', 'R1']);
  end();
  await point(1);
  expect(asked).toHaveLength(2);
});
