import { describe, expect, it } from 'vitest';
import { purify, renderMarkdown } from '#lib/notebook/markdown.ts';

const payloads = [
  '<img src=x onerror="window.__pwn=1">',
  '<script>window.__pwn=1</script>',
  '[a](javascript:window.__pwn=1)',
  '[a](JaVaScRiPt&colon;window.__pwn=1)',
  '[a](data:text/html,<script>1</script>)',
  '![a](javascript:alert(1))',
  '![a](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)',
  '<svg onload=alert(1)>',
  '[a](//evil.example)',
  '[a]: javascript:alert(1)\n\n[a]',
  '<a href="x" style="position:fixed;inset:0">x</a>',
];

describe('prose', () => {
  it.each(payloads)('renders %s as something that can do nothing', (payload) => {
    for (const html of [renderMarkdown(payload), purify(renderMarkdown(payload))]) {
      const page = document.createElement('div');
      page.innerHTML = html;
      expect(page.querySelector('script, svg, iframe, [onerror], [onload], [style]')).toBeNull();
      for (const element of page.querySelectorAll('[href], [src]')) {
        const address = element.getAttribute('href') ?? element.getAttribute('src') ?? '';
        expect(address).not.toMatch(/^\s*(?:javascript|data|vbscript)\s*:|^\/\//i);
      }
    }
  });

  it('renders what people write', () => {
    const html = purify(
      renderMarkdown('# Head\n\nSome **bold** `code` and a [link](https://example.org) or [one here](/runs/a).'),
    );
    expect(html).toContain('<h1>Head</h1>');
    expect(html).toContain('<strong>bold</strong>');
    expect(html).toContain('href="https://example.org"');
    expect(html).toContain('href="/runs/a"');
  });

  it('makes R12 a link to that run, and leaves what only looks like one', () => {
    const html = purify(renderMarkdown('As R12 and (R7) show, **R3**.'));
    expect(html).toContain('As <a href="/runs/R12">R12</a> and (<a href="/runs/R7">R7</a>) show');
    expect(html).toContain('<strong><a href="/runs/R3">R3</a></strong>');
    const plain = 'R0 R12b XR12 R2_oos /R12 R1-2 `R12` [R12](/runs/x) R12345678';
    expect(purify(renderMarkdown(plain))).not.toMatch(/href="\/runs\/R/);
  });
});
