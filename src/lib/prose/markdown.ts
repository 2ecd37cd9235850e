import { footnote } from '@mdit/plugin-footnote';
import { katex } from '@mdit/plugin-katex';
import { tasklist } from '@mdit/plugin-tasklist';
import MarkdownIt, { type MarkdownIt as Markdown, type Token } from 'markdown-it';
import { takeOutImages } from './embedded-images.ts';
import { linkRuns } from './run-mentions.ts';
import { type Surroundings, renderRules } from './render-rules.ts';
import type { CompletedProse } from './shared-definitions.ts';

/** Longest text that is rendered: the renderer's search for the ends of links is quadratic, and 900 KB of `[` took it a minute. */
const maxLength = 40_000;

const renderer = createRenderer();

/**
 * Markdown as HTML, or as it was written where it is too long to be one: raw HTML in the source comes out as text, links
 * lead to pages, mail and parts of this one, pictures are those beside the notebook or written into it. Maths (`$…$`,
 * `$$…$$`) is KaTeX's; a formula that it cannot read stands as it was written.
 */
export function renderMarkdown({ text, footnotesBefore }: CompletedProse): string {
  const emptied = takeOutImages(text);
  if (emptied.text.length > maxLength) return `<pre>${renderer.utils.escapeHtml(text.slice(0, 10 * maxLength))}</pre>`;
  return renderer.render(emptied.text, surroundings(emptied.pictures, footnotesBefore));
}

/** The lines of a text on which its tasks stand, from 0, in the order of the tasks; none of a text that is too long. */
export function taskLines(text: string): readonly number[] {
  const emptied = takeOutImages(text);
  if (emptied.text.length > maxLength) return [];
  return renderer
    .parse(emptied.text, surroundings(emptied.pictures, 0))
    .flatMap(({ map, children }) => (map && children?.some(isTask) ? [map[0]] : []));
}

function surroundings(pictures: Surroundings['pictures'], footnotesBefore: number): Surroundings {
  return { pictures, footnotesBefore, tasks: 0, headings: new Map() };
}

function isTask({ type }: Token): boolean {
  return type === 'checkbox_input';
}

function createRenderer(): Markdown {
  const markdown = new MarkdownIt({ html: false, linkify: false, typographer: true });
  // Quotes are set as a printer sets them; "(c)", "+-" and "..." mean what they say.
  markdown.disable('replacements');
  // Addresses are judged where they are rendered: of a link and of a picture not the same is allowed.
  markdown.validateLink = () => true;
  // The plugins' types are those of markdown-it 14, what they call is the same in 15.
  markdown.use(footnote as never);
  markdown.use(tasklist as never, { disabled: false, label: false });
  markdown.use(katex as never, {
    delimiters: 'dollars',
    throwOnError: false,
    strict: 'ignore',
    trust: false,
    maxExpand: 200,
    maxSize: 20,
    output: 'htmlAndMathml',
    logger: () => 'ignore',
  });
  Object.assign(markdown.renderer.rules, renderRules);
  markdown.use(linkRuns);
  markdown.core.ruler.push('tasks', (state) => {
    for (const token of state.tokens)
      for (const child of token.children ?? [])
        if (isTask(child))
          child.attrs = [
            ...(child.attrs ?? []).filter(([name]) => name === 'type' || name === 'checked'),
            ['data-task', String((state.env as Surroundings).tasks++)],
            ['aria-label', token.content.replace(/^\[[ x]\]\s*/i, '')],
          ];
  });
  return markdown;
}
