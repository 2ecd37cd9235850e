import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '#lib/prose/markdown.ts';
import { purify } from '#lib/prose/purify.ts';
import { completeProse } from '#lib/prose/shared-definitions.ts';

const render = (text: string) => renderMarkdown({ text, footnotesBefore: 0 });
const show = (text: string) => {
  const page = document.createElement('div');
  page.innerHTML = purify(render(text));
  return page;
};

const payloads = [
  '<img src=x onerror="window.__pwn=1">',
  '<script>window.__pwn=1</script>',
  '[a](javascript:window.__pwn=1)',
  '[a](JaVaScRiPt&colon;window.__pwn=1)',
  '[a](data:text/html,<script>1</script>)',
  '[a](data:image/png;base64,AAAA)',
  '![a](javascript:alert(1))',
  '![a](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)',
  '![a](//evil.example/x.png)',
  '![a](../../secret.png)',
  '![a](.bin/secret.png)',
  '<svg onload=alert(1)>',
  '[a](//evil.example)',
  '[a](/\\evil.example)',
  '[a]: javascript:alert(1)\n\n[a]',
  '<a href="x" style="position:fixed;inset:0">x</a>',
  '<input type="text" name="attributes">',
  '$\\href{javascript:alert(1)}{x}$',
  '$\\htmlStyle{position:fixed;inset:0}{x}$',
  '$\\htmlId{cell-train}{x}$',
  '$\\includegraphics{https://evil.example/x.png}$',
];

describe('prose', () => {
  it.each(payloads)('renders %s as something that can do nothing', (payload) => {
    for (const html of [render(payload), purify(render(payload))]) {
      const page = document.createElement('div');
      page.innerHTML = html;
      expect(page.querySelector('script, iframe, [onerror], [onload], input:not([type=checkbox])')).toBeNull();
      expect(page.querySelector('[id]:not([id^="text-"])')).toBeNull();
      expect(page.innerHTML).not.toMatch(/style="[^"]*(?:fixed|url)/);
      for (const element of page.querySelectorAll('[href], [src]')) {
        const address = element.getAttribute('href') ?? element.getAttribute('src') ?? '';
        expect(address).not.toMatch(/^\s*(?:javascript|data|vbscript)\s*:|^[/\\]{2}|evil|\.\.|\.bin/i);
      }
    }
  });

  it('renders what people write', () => {
    const html = purify(
      render('# Head\n\nSome **bold** `code` and a [link](https://example.org) or [one here](/runs/a).'),
    );
    expect(html).toContain('<h1 id="text-head">Head</h1>');
    expect(html).toContain('<strong>bold</strong>');
    expect(html).toContain('href="https://example.org"');
    expect(html).toContain('href="/runs/a"');
  });

  it('leaves "(c)", "+-" and prices as they are', () => {
    expect(show('(c) +- 5 ... from $5 to $6').textContent.trim()).toBe('(c) +- 5 ... from $5 to $6');
  });

  it('shows pictures beside the notebook and in the text, and names those from elsewhere', () => {
    const images = (text: string) => [...show(text).querySelectorAll('img')].map((one) => one.getAttribute('src'));
    expect(images('![](data/plot.png) ![](<./my plot.jpg>) ![](data%2Fa.png)')).toEqual([
      '/files/pictures/data/plot.png',
      '/files/pictures/my%20plot.jpg',
      '/files/pictures/data/a.png',
    ]);
    const long = `data:image/png;base64,${'A'.repeat(100_000)}`;
    expect(images(`![one](${long}) and ![two](data:image/png;base64,BBBB)`)).toEqual([
      long,
      'data:image/png;base64,BBBB',
    ]);
    const elsewhere = show('![a chart](https://example.org/x.png)');
    expect(elsewhere.querySelector('img')).toBeNull();
    expect(elsewhere.querySelector('a')?.textContent).toBe('a chart');
  });

  it('leads to headings, cells, the log and other notebooks', () => {
    const page = show(
      '# What we saw\n\n# What we saw\n\n[a](#What-we-saw) [b](#cell-train) [c](#log) [d](other.md) [e](./other.md#Its-End)',
    );
    expect([...page.querySelectorAll('h1')].map(({ id }) => id)).toEqual(['text-what-we-saw', 'text-what-we-saw-1']);
    expect([...page.querySelectorAll('a')].map((link) => link.getAttribute('href'))).toEqual([
      '#text-what-we-saw',
      '#cell-train',
      '#log',
      '/notebooks/other',
      '/notebooks/other#text-its-end',
    ]);
  });

  it('sets maths, and leaves a formula that is none as it was written', () => {
    const page = show('$\\sqrt{x^2}$\n\n$$\\frac{a}{b}$$\n\n$\\nothing{$');
    expect(page.querySelectorAll('.katex math')).toHaveLength(2);
    expect(page.querySelector('.katex svg path')).not.toBeNull();
    expect(page.querySelector('.katex-display')).not.toBeNull();
    expect(page.querySelector('annotation')).toBeNull();
    expect(page.textContent).not.toContain('frac');
    expect(page.querySelector('.katex-error')?.textContent).toBe('\\nothing{');
    expect(page.querySelector('.katex [style]')).not.toBeNull();
  });

  it('aligns columns and lists tasks', () => {
    const page = show('| a | b |\n|:-:|--:|\n| 1 | 2 |\n\n- [ ] one\n- [x] two');
    expect([...page.querySelectorAll('td')].map(({ align }) => align)).toEqual(['center', 'right']);
    const boxes = [...page.querySelectorAll<HTMLInputElement>('input[type=checkbox]')];
    expect(boxes.map(({ checked, dataset }) => [dataset['task'], checked])).toEqual([
      ['0', false],
      ['1', true],
    ]);
  });

  it('finds footnotes and addresses in other pieces, and counts through', () => {
    const pieces = completeProse([
      'One[^a] and [there].',
      'Two[^b].',
      '[^a]: First.\n\n[^b]: Second\n    and more.\n\n[There]: https://example.org',
    ]);
    const [one, two, last] = pieces.map((piece) => purify(renderMarkdown(piece)));
    expect(one).toContain('<sup><a href="#text-note-1" id="text-mark-1">1</a></sup>');
    expect(one).toContain('First.');
    expect(one).toContain('href="https://example.org"');
    expect(two).toContain('<li id="text-note-2" value="2">');
    expect(two).toContain('and more.');
    expect(last.trim()).toBe('');
  });

  it('is shown as written where it is too long to be rendered', () => {
    expect(render('['.repeat(50_000))).toMatch(/^<pre>/);
  });
});
