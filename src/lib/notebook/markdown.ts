import DOMPurify from 'dompurify';
import MarkdownIt from 'markdown-it';

const safeLink = /^(?:https?:|mailto:|#|\/(?![/\\])|[\w.-]+(?:[/?#]|$))/i;

const renderer = new MarkdownIt({ html: false, linkify: false, typographer: true });
// Stricter than the renderer's own list: no data:, nothing relative to a scheme.
renderer.validateLink = (url) => safeLink.test(url.trim());

/** Markdown as HTML: raw HTML in the source comes out as text, links only where they lead to pages and mail. */
export function renderMarkdown(source: string): string {
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
