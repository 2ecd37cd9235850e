import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { handlePageKey } from '#lib/notebook/page-keys.ts';

beforeEach(() => {
  document.body.innerHTML = `
    <button id="out">Undo</button>
    <div data-cell="prose" data-block="0" tabindex="0"><textarea id="words"></textarea></div>
    <section data-cell="data" data-block="1" tabindex="0"><input id="source"><button id="menu">More</button></section>
    <section data-cell="train" data-block="2" tabindex="0"></section>`;
  for (const cell of document.querySelectorAll<HTMLElement>('[data-cell]')) cell.scrollIntoView = () => {};
});
afterEach(() => (document.body.innerHTML = ''));

function page(isFrozen = false) {
  const done: string[] = [];
  const note = (name: string) => (at: number, by?: number) => void done.push([name, at, by].join(' ').trim());
  const blocks = {
    writeAbove: note('above'),
    writeBelow: note('below'),
    copy: note('copy'),
    cut: note('cut'),
    paste: note('paste'),
    turnIntoText: note('text'),
    turnIntoCell: note('cell'),
    remove: note('remove'),
    pressRemove: note('press'),
    move: note('move'),
  };
  const actions = {
    train: () => done.push('train'),
    ...(isFrozen ? {} : { runCell: (group: string) => void done.push(`run ${group}`) }),
    undo: vi.fn(),
    redo: vi.fn(),
    leave: () => done.push('leave'),
    blocks,
  };
  const press = (selector: string, init: KeyboardEventInit) => {
    const target = document.querySelector<HTMLElement>(selector) ?? document.body;
    target.focus();
    let taken = false;
    const listen = (event: KeyboardEvent) => (taken = handlePageKey(event, actions));
    document.addEventListener('keydown', listen);
    target.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, ...init }));
    document.removeEventListener('keydown', listen);
    const at = document.activeElement?.closest<HTMLElement>('[data-cell]')?.dataset.cell ?? null;
    return { taken, done: done.splice(0), at };
  };
  return press;
}
const ctrl = { ctrlKey: true };
const shift = { shiftKey: true };

it('Ctrl+Enter runs the selected cell, from a field in it too, and stays', () => {
  const press = page();
  expect(press('[data-cell="data"]', ctrl)).toEqual({ taken: true, done: ['run data'], at: 'data' });
  expect(press('#source', ctrl)).toEqual({ taken: true, done: ['run data'], at: 'data' });
  expect(press('[data-cell="train"]', { metaKey: true })).toEqual({ taken: true, done: ['run train'], at: 'train' });
});

it('Shift+Enter runs it and goes on, into train as well, and leaves a button to be pressed', () => {
  const press = page();
  expect(press('[data-cell="data"]', shift)).toEqual({ taken: true, done: ['run data'], at: 'train' });
  expect(press('[data-cell="train"]', shift)).toEqual({ taken: true, done: ['run train'], at: 'train' });
  expect(press('#menu', shift)).toEqual({ taken: false, done: [], at: 'data' });
});

it('on prose both only move, and leave what is being written', () => {
  const press = page();
  expect(press('[data-cell="prose"]', ctrl)).toEqual({ taken: true, done: [], at: 'prose' });
  expect(press('#words', shift)).toEqual({ taken: true, done: ['leave'], at: 'data' });
});

it('in a frozen run they only move', () => {
  const press = page(true);
  expect(press('[data-cell="data"]', ctrl)).toEqual({ taken: true, done: [], at: 'data' });
  expect(press('[data-cell="data"]', shift)).toEqual({ taken: true, done: [], at: 'train' });
  expect(press('[data-cell="train"]', ctrl)).toEqual({ taken: true, done: [], at: 'train' });
});

it('Ctrl+Shift+Enter trains from anywhere, and Ctrl+Enter does nothing where no cell is selected', () => {
  const press = page();
  expect(press('#source', { ...ctrl, ...shift })).toMatchObject({ taken: true, done: ['train'] });
  expect(press('#out', { ...ctrl, ...shift })).toMatchObject({ taken: true, done: ['train'] });
  expect(press('#out', ctrl)).toMatchObject({ taken: false, done: [] });
});

it('the keys of Jupyter act on the block that is selected, and on none from a field or with a modifier', () => {
  const press = page();
  const keys = ['a', 'b', 'c', 'x', 'v', 'V', 'm', 'y', 'd'];
  const done = keys.map((key) => press('[data-cell="data"]', { key }).done.join());
  expect(done).toEqual(['above 1', 'below 1', 'copy 1', 'cut 1', 'paste 2', 'paste 1', 'text 1', 'cell 1', 'press 1']);
  expect(press('[data-cell="train"]', { key: 'ArrowUp', altKey: true }).done).toEqual(['move 2 -1']);
  for (const key of keys) {
    for (const selector of ['#source', '#words', '#menu', '#out']) {
      expect(press(selector, { key })).toMatchObject({ taken: false, done: [] });
    }
    expect(press('[data-cell="data"]', { key, ctrlKey: true })).toMatchObject({ taken: false, done: [] });
  }
});
