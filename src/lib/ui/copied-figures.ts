/**
 * What is copied from the page, as a spreadsheet takes it: each figure that knows its value in full (`data-value`, or a
 * number as the title of a `.number`) is that value, minus signs are hyphens, and thousands are not parted. The page
 * itself keeps four digits and the typographer's minus.
 */
export function copyFigures(event: ClipboardEvent): void {
  const selection = document.getSelection();
  const clipboard = event.clipboardData;
  if (!selection || selection.isCollapsed || !clipboard || event.defaultPrevented || isEditable(event.target)) return;
  const copied = document.createElement('div');
  for (let i = 0; i < selection.rangeCount; i++) copied.append(copyRange(selection.getRangeAt(i)));
  if (!writeFigures(copied)) return;
  clipboard.setData(
    'text/plain',
    plainText(copied)
      .replace(/(?<=[\n\t]) +/g, '')
      .trimEnd(),
  );
  clipboard.setData('text/html', asTable(copied.innerHTML));
  event.preventDefault();
}

const figures = '[data-value], .number';

/** A field has its own text, an editor its own way of copying. */
function isEditable(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, [contenteditable="true"]') !== null;
}

/** The contents of a range, inside the figure that it lies in where it takes the whole of one. */
function copyRange(range: Range): Node {
  const { commonAncestorContainer: around } = range;
  const figure = (around instanceof Element ? around : around.parentElement)?.closest(figures);
  if (figure && range.toString().trim() === figure.textContent.trim()) return figure.cloneNode(true);
  return range.cloneContents();
}

/** Puts every figure in full and every sign in ASCII; false where nothing had to be changed. */
function writeFigures(copied: Element): boolean {
  let changed = false;
  const write = (node: Node, text: string) => {
    changed ||= node.textContent !== text;
    node.textContent = text;
  };
  for (const element of copied.querySelectorAll<HTMLElement>(figures)) {
    const full = element.dataset.value ?? element.title;
    if (full !== '' && Number.isFinite(Number(full))) write(element, full);
    else for (const text of textsIn(element)) write(text, text.data.replace(/(?<=\d),(?=\d{3}(?!\d))/g, ''));
  }
  for (const text of textsIn(copied)) write(text, text.data.replace(/−(?=[\d.∞])/g, '-'));
  return changed;
}

function textsIn(element: Element): readonly Text[] {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) found.push(node as Text);
  return found;
}

const lines = new Set([
  'P',
  'DIV',
  'LI',
  'TR',
  'DT',
  'DD',
  'H1',
  'H2',
  'H3',
  'H4',
  'SECTION',
  'HEADER',
  'SUMMARY',
  'PRE',
]);

/** Cells of a row with tabs between them, everything that is a line on a line of its own. */
function plainText(node: Node): string {
  if (node.nodeType === Node.TEXT_NODE) return (node.textContent ?? '').replace(/\s+/g, ' ');
  const name = node.nodeName;
  if (name === 'BR') return '\n';
  const inner = [...node.childNodes].map(plainText).join('');
  if (name === 'TD' || name === 'TH') return `${inner.trim()}${node.nextSibling ? '\t' : ''}`;
  if (!lines.has(name)) return inner;
  return inner.trim() === '' ? '' : `${inner.trim()}\n`;
}

/** Rows that were taken out of their table need one around them. */
function asTable(html: string): string {
  if (/^\s*<tr/.test(html)) return `<table>${html}</table>`;
  return /^\s*<t[dh]/.test(html) ? `<table><tr>${html}</tr></table>` : html;
}
