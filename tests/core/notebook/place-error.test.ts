import { expect, test } from 'vitest';
import { AppError, type Issue } from '#core/error.ts';
import { checkNotebook } from '#core/notebook/diagnose.ts';
import { parseNotebook } from '#core/notebook/parse.ts';
import { placeError } from '#core/notebook/place-error.ts';

const text = `# Mine

\`\`\`yaml data
source: bars.csv
columns: {time: Datum}
\`\`\`

\`\`\`yaml features
columns:
  Adj.Close:
    transform: zz
  Adj: {}
\`\`\`
`;

function placed(issues: readonly Issue[], overrides: readonly string[] = []) {
  return placeError(new AppError('data_not_found', 'It is not there.', { issues }), parseNotebook(text), overrides);
}
const at = (path: string) => [{ path, message: 'wrong' }];

test.each([
  ['data.source', 4, 9],
  ['data.columns.time', 5, 17],
  ['features.columns.Adj.Close', 10, 3],
  ['features.columns.Adj.Close.transform', 11, 16],
  ['features.columns.Adj', 12, 3],
])('an issue is told at the line of its key: %s', (path, line, column) => {
  expect(placed(at(path))).toMatchObject({
    code: 'data_not_found',
    message: `line ${line}: It is not there.`,
    issues: [{ path, message: 'wrong', line, column }],
  });
});

test.each([
  ['a key that stands nowhere', at('data.timezone'), []],
  ['a cell that is not there', at('train.engine'), []],
  ['an override', at('data.source'), ['data.source=other.csv']],
  ['an override of what is around it', at('data.columns.time'), ['data.columns={time: Zeit}']],
  ['no issue at all', [], []],
])('%s has no line', (_name, issues, overrides) => {
  expect(placed(issues, overrides)).toEqual(new AppError('data_not_found', 'It is not there.', { issues }));
});

test('the first issue says which line the message names', () => {
  expect(placed([...at('data.timezone'), ...at('data.source')])).toMatchObject({
    message: 'It is not there.',
    issues: [{ path: 'data.timezone' }, { line: 4 }],
  });
});

test('other errors stay what they are', () => {
  const error = new Error('other');
  expect(placeError(error, parseNotebook(text))).toBe(error);
});

test('a finding inside of a column whose name has dots is told at its own line', () => {
  const [finding] = checkNotebook(parseNotebook(text)).diagnostics;
  expect(finding).toMatchObject({ path: 'features.columns.Adj.Close.transform', span: { line: 11, column: 16 } });
});
