import fc from 'fast-check';
import { groups } from '#core/config/config.ts';

const line = fc.constantFrom(
  '```',
  '~~~',
  '````',
  '---',
  '...',
  '<!--',
  '-->',
  '<div>',
  '',
  '  ```',
  'title: x',
  '# prose',
  '- item',
  'epochs: 5 # many',
  'optimizer: {kind: adamw}',
  '  nested: [1,',
  '"open',
  'split:',
  '  train: 0.6',
  '\ttab',
  'a: |',
  ...groups.flatMap((group) => [`\`\`\`yaml ${group}`, ` ~~~yaml ${group}`]),
  '```yaml modle',
  '```{yml Train}',
  '```json train',
  '<<<<<<< HEAD',
  '=======',
  '>>>>>>> branch',
);

/** Texts made of the lines that matter to the reader of notebooks, in every order and with every line end. */
export const notebookText = fc
  .tuple(fc.boolean(), fc.array(fc.tuple(line, fc.constantFrom('\n', '\n', '\n', '\r\n', '\r', '')), { maxLength: 25 }))
  .map(([mark, lines]) => (mark ? '\ufeff' : '') + lines.flat().join(''));
