import fc from 'fast-check';
import { expect, it } from 'vitest';
import { renderMarkdown } from '#lib/prose/markdown.ts';
import { tickTask } from '#lib/prose/task-list.ts';

it('ticks one task of a text and changes nothing else', () => {
  const text = 'Words\n\n- [ ] one\n  1. [X] two\n* [ ] three\n';
  expect(tickTask(text, 1, false)).toBe('Words\n\n- [ ] one\n  1. [ ] two\n* [ ] three\n');
  expect(tickTask(text, 2, true)).toBe('Words\n\n- [ ] one\n  1. [X] two\n* [x] three\n');
  expect(tickTask(text, 9, true)).toBe(text);
});

it('ticks the task that is shown, wherever else there are signs of one', () => {
  const text = [
    '```',
    '- [ ] in code',
    '```',
    '- [ ]',
    '',
    '> 1. [ ] quoted',
    '',
    '    - [ ] indented',
    '',
    'Words\r',
    '- [ ] last [ ]',
  ].join('\n');
  const page = document.createElement('div');
  page.innerHTML = renderMarkdown({ text, footnotesBefore: 0 });
  const boxes = [...page.querySelectorAll<HTMLInputElement>('input[data-task]')];
  expect(boxes.map((box) => box.getAttribute('aria-label'))).toEqual(['quoted', 'last [ ]']);
  expect(tickTask(text, 0, true)).toBe(text.replace('[ ] quoted', '[x] quoted'));
  expect(tickTask(text, 1, true)).toBe(text.replace('[ ] last', '[x] last'));
});

it('counts tasks as they are rendered', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom('-', '*', '1.'), fc.boolean()), { minLength: 1 }), (items) => {
      const text = items.map(([sign, done], at) => `${sign} [${done ? 'x' : ' '}] item ${at}`).join('\n\n');
      const page = document.createElement('div');
      page.innerHTML = renderMarkdown({ text, footnotesBefore: 0 });
      const boxes = [...page.querySelectorAll<HTMLInputElement>('input[data-task]')];
      const found = boxes.map(({ dataset, checked }) => [Number(dataset['task']), checked]);
      expect(found).toEqual(items.map(([, done], at) => [at, done]));
      const ticked = found.reduce((words, [index]) => tickTask(words, Number(index), true), text);
      expect(ticked).toBe(text.replaceAll('[ ]', '[x]'));
    }),
  );
});
