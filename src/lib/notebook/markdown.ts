import DOMPurify from 'dompurify';
import MarkdownIt from 'markdown-it';
import { linkRuns } from './run-mentions.ts';

const safeLink = /^(?:https?:|mailto:|#|\/(?![/\\])|[\w.-]+(?:[/?#]|$))/i;

const renderer = new MarkdownIt({ html: false, linkify: false, typographer: true });
// Stricter than the renderer's own list: no data:, nothing relative to a scheme.
renderer.validateLink = (url) => safeLink.test(url.trim());

linkRuns(renderer);

/** Longest text that is rendered: the renderer's search for the ends of links is quadratic, and 900 KB of `[` took it a minute. */
const maxLength = 40_000;

/** Markdown as HTML, or as it was written where it is too long to be one: raw HTML in the source comes out as text, links only where they lead to pages and mail. */
export function renderMarkdown(source: string): string {
  if (source.length > maxLength) return `<pre>${renderer.utils.escapeHtml(source)}</pre>`;
  return renderer.render(source);
}

/** The same once more through the purifier, a second lock on the same door; needs a browser. */
export function purify(html: string): string {
  return DOMPurify.sanitize(html, {
    USE_PROFILES: { html: true },
    FORBID_TAGS: ['style', 'form', 'input', 'button', 'iframe', 'object', 'embed'],
    FORBID_ATTR: ['style', 'id', 'name', 'class'],
  });
}
