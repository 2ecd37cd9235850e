import { afterEach, describe, expect, it } from 'vitest';
import { copyFigures } from '#lib/ui/copied-figures.ts';

afterEach(() => document.body.replaceChildren());

/** What a selection of all that an element holds gives; null where the browser's own copy is left to be. */
function copy(html: string, selector: string): { readonly text: string; readonly html: string } | null {
  document.body.innerHTML = html;
  const element = document.querySelector(selector);
  if (!element) throw new Error(`no ${selector}`);
  document.getSelection()?.selectAllChildren(element);
  const data = new Map<string, string>();
  const event = Object.assign(new Event('copy', { cancelable: true, bubbles: true }), {
    clipboardData: { setData: (type: string, text: string) => data.set(type, text) },
  });
  element.addEventListener('copy', (copied) => copyFigures(copied as ClipboardEvent));
  element.dispatchEvent(event);
  return event.defaultPrevented ? { text: data.get('text/plain') ?? '', html: data.get('text/html') ?? '' } : null;
}

describe('figures that are copied', () => {
  it('are numbers at full precision, a row of a table a line with tabs', () => {
    const table = `<table><tbody><tr><th>rmse</th><td class="number" title="0.012345678">0.01235</td></tr>
      <tr><th>ic</th><td class="number" title="-0.0213456">−0.02135</td></tr></tbody></table>`;
    const copied = copy(table, 'tbody');
    expect(copied?.text).toBe('rmse\t0.012345678\nic\t-0.0213456');
    expect(copied?.html).toMatch(/^<table><tr>.*-0\.0213456.*<\/table>$/s);
  });

  it('part no thousands and have a minus that is one to a spreadsheet', () => {
    expect(copy('<p>bars <b class="number">1,234,567</b></p>', 'p')?.text).toBe('bars 1234567');
    expect(copy('<p>skill −0.5 and 1.20e−5</p>', 'p')?.text).toBe('skill -0.5 and 1.20e-5');
    expect(copy('<p><b class="number" data-value="0.72694">72.7 %</b></p>', 'b')?.text).toBe('0.72694');
  });

  it('leave words alone, numbers in them and what is typed', () => {
    expect(copy('<p>Of 1,234 bars − as said before − some.</p>', 'p')).toBeNull();
    expect(copy('<p contenteditable="true">−5</p>', 'p')).toBeNull();
    expect(copy('<p><b class="number" title="what it means">12</b></p>', 'p')).toBeNull();
  });
});
