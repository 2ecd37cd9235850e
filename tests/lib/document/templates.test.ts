import { expect, it } from 'vitest';
import { fileTemplate, templates } from '#lib/document/templates.ts';
import { NotebookDoc } from '#lib/document/notebook-doc.svelte.ts';

it.each(templates.map(({ name, text }) => [name, text]))('the template %s is whole', (_, text) => {
  expect(new NotebookDoc(text).diagnostics).toEqual([]);
});

it('a notebook of a file names the instants at which its splits begin and end', () => {
  const hour = 3_600_000;
  const boundaries = { validationFrom: Date.UTC(2021, 5, 1, 5), testFrom: Date.UTC(2022, 0, 1), until: null };
  const report = { last: Date.UTC(2022, 9, 18, 23) };
  const { title, text } = fileTemplate('data/btc "1h".csv', { boundaries, step: hour, report });
  const doc = new NotebookDoc(text);
  expect([title, doc.title]).toEqual(['btc "1h".csv', 'btc "1h".csv']);
  expect(text).toContain(
    '\nsplit: {validation_from: 2021-06-01T05:00Z, test_from: 2022-01-01, until: 2022-10-19}\n```\n',
  );
  expect(doc.config?.data).toMatchObject({
    source: 'data/btc "1h".csv',
    split: { validation_from: '2021-06-01T05:00Z', test_from: '2022-01-01', until: '2022-10-19' },
  });
});

it('a notebook of a file that cannot be read yet leaves the splits to the shares', () => {
  const doc = new NotebookDoc(fileTemplate('a.csv', null).text);
  expect(doc.cellText('data')).toBe('source: "a.csv"\n');
  expect(doc.config?.data.split.validation_from).toBeNull();
});
