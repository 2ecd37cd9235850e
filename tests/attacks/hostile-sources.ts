// Texts made to keep a parser busy: about as long as what is accepted, and as awkward.

const size = 900_000;
const fill = (piece: string, length = size) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
const numbered = (line: (i: number) => string, length = size) => {
  const lines: string[] = [];
  for (let i = 0, total = 0; total < length; i++) {
    lines.push(line(i));
    total += lines[i].length;
  }
  return lines.join('');
};

/** YAML for one cell. */
export const hostileYaml: Readonly<Record<string, string>> = {
  'a flat map of many keys': numbered((i) => `k${i}: 1\n`),
  'one key again and again': fill('epochs: 1\n'),
  'a list of many items': fill('- 1\n'),
  'a list in a list': fill('- - - - 1\n'),
  'a flow list': `a: [${fill('1,')}1]`,
  'a flow map': `a: {${numbered((i) => `k${i}: 1,`)}}`,
  'nested flow lists': fill('['),
  'nested flow maps': fill('{a: '),
  'closed nesting': `${'['.repeat(400_000)}${']'.repeat(400_000)}`,
  'sixty levels, many times': fill(`${'- '.repeat(60)}1\n`),
  'deeper and deeper': Array.from({ length: 1300 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''),
  laughter: `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghijkl'
    .split('')
    .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghijkl'[i]}`).join(',')}]\n`)
    .join('')}`,
  'many anchors': numbered((i) => `- &a${i} 1\n`),
  'many aliases': `a: &a 1\nb:\n${fill('- *a\n')}`,
  tags: fill('- !!str 1\n'),
  'odd tags': fill('! '),
  'question marks': fill('? '),
  colons: fill(': '),
  'a quote never closed': `a: "${fill('\\x41')}`,
  quotes: fill(`"a": "b"\n`),
  'single quotes': fill("'"),
  'one long word': fill('a'),
  'one long number': `a: ${fill('1')}`,
  'a long number with a tail': `a: ${fill('1', 100_000)}x`,
  dashes: fill('-'),
  documents: fill('---\n'),
  directives: fill('%A b\n'),
  comments: fill('#\n'),
  spaces: fill(' '),
  tabs: fill('\t'),
  'line breaks': fill('\n'),
  'carriage returns': fill('\r'),
  'a folded text': `a: >\n${fill('  x\n\n')}`,
  'merge keys': `a: &a {x: 1}\nb:\n${fill('  <<: *a\n')}`,
  'complex keys': fill('? [a]\n: 1\n'),
  'odd characters': fill('\u2028\u0085\ufeff'),
};

/** Notebooks: fences, front matter and prose. */
export const hostileNotebooks: Readonly<Record<string, string>> = {
  'many cells of one group': fill('```yaml train\nepochs: 1\n```\n'),
  'many cells of unknown groups': numbered((i) => `\`\`\`yaml g${i}\na: 1\n\`\`\`\n`),
  'fences never closed': fill('```yaml data\n'),
  backticks: fill('`'),
  tildes: fill('~~~\n'),
  'front matter never closed': `---\n${fill('a: 1\n')}`,
  'a large front matter': `---\n${numbered((i) => `k${i}: 1\n`)}---\n`,
  'spaces before a fence': fill('   ```yaml data   \n'),
  'a long info string': `\`\`\`yaml ${fill(' data')}\n\`\`\`\n`,
  emphasis: fill('*a _b '),
  brackets: fill('['),
  links: fill('[a](b '),
  images: fill('![](('),
  quotes: fill('> '),
  'quotes in lines': fill('>>>>>>>>>>>>>>>>>>>>>>>>>>>>>> a\n'),
  'nested lists': Array.from({ length: 1200 }, (_, i) => `${' '.repeat(i)}- a\n`).join(''),
  'a table': `|a|b|\n|-|-|\n${fill('|1|2|\n')}`,
  'a wide table': `${'|a'.repeat(100_000)}|\n${'|-'.repeat(100_000)}|\n${'|1'.repeat(100_000)}|\n`,
  html: fill('<a b="c" '),
  'open tags': fill('<div>'),
  comments: fill('<!-- '),
  headings: fill('# a\n'),
  entities: fill('&amp;'),
  autolinks: fill('http://a.b/ www.c.d '),
  underlines: fill('a\n===\n'),
  backslashes: fill('\\'),
  references: numbered((i) => `[r${i}]: /x\n`),
};

/** A notebook whose train cell holds this YAML. */
export function inCell(yaml: string): string {
  return `# Hostile\n\n\`\`\`yaml train\n${yaml}\n\`\`\`\n`;
}
