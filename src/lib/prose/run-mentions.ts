import { runNumber } from '#core/run/run-name.ts';
import type { MarkdownIt, Token } from 'markdown-it';

/** R12 as a word of its own: not R2_oos, not /R12, not R-12. */
const mention = /(?<![\p{L}\p{N}_/#.@-])R([1-9]\d{0,6})(?![\p{L}\p{N}_-])/gu;

/** The name of the run that a link of `linkRuns` leads to; null for any other link. */
export function mentionedRun(href: string | null): string | null {
  const name = /^\/runs\/(\w+)$/.exec(href ?? '')?.[1] ?? '';
  return runNumber(name) === undefined ? null : name;
}

/** Makes R12 in words a link to that run; in code and in the words of a link it stays as it is. */
export function linkRuns(renderer: MarkdownIt): void {
  renderer.core.ruler.push('run_mentions', ({ tokens, Token: Made }) => {
    const token = (type: string, tag: string, nesting: -1 | 0 | 1, content = ''): Token =>
      Object.assign(new Made(type, tag, nesting), { content });
    for (const block of tokens) {
      if (block.type !== 'inline' || !block.children) continue;
      let links = 0;
      block.children = block.children.flatMap((child) => {
        links += child.type === 'link_open' ? 1 : child.type === 'link_close' ? -1 : 0;
        if (child.type !== 'text' || links > 0) return [child];
        const parts: Token[] = [];
        let from = 0;
        for (const { 0: name, index } of child.content.matchAll(mention)) {
          const open = token('link_open', 'a', 1);
          open.attrSet('href', `/runs/${name}`);
          parts.push(token('text', '', 0, child.content.slice(from, index)), open, token('text', '', 0, name));
          parts.push(token('link_close', 'a', -1));
          from = index + name.length;
        }
        return from === 0 ? [child] : [...parts, token('text', '', 0, child.content.slice(from))];
      });
    }
  });
}
