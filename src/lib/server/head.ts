import type { Notebook } from '#core/notebook/notebook.ts';

/** Title and first words of a notebook, for lists and page titles. */
export function headOf(notebook: Notebook, slug: string): { title: string; summary: string } {
  const title = notebook.frontMatter?.title?.trim() || slug;
  const prose = notebook.blocks.find((block) => block.type === 'prose' && toWords(block.raw) !== '');
  return { title, summary: prose ? toWords(prose.raw).slice(0, 180) : '' };
}

/** Markdown to plain words: good enough for one line in a list, never rendered as HTML. Only the beginning is looked at. */
function toWords(markdown: string): string {
  return markdown
    .slice(0, 2000)
    .replace(/^#+.*$/gm, '')
    .replace(/!\[[^\]]*\]\([^)]*\)/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*_`>~]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
