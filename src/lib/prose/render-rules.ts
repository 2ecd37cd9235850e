import MarkdownIt, { type Env, type RendererRule, type Token } from 'markdown-it';
import { headingSlug, imageAddress, linkAddress, textIdPrefix } from './addresses.ts';

/** What the rules are told of the text they render. */
export interface Surroundings extends Env {
  readonly pictures: ReadonlyMap<string, string>;
  readonly footnotesBefore: number;
  /** Tasks that have been rendered. */
  tasks: number;
  /** Headings of the same words get a number, as on code hosts. */
  readonly headings: Map<string, number>;
}

/** The renderer hands through what it was given. */
function around(env: Env | undefined): Surroundings {
  return env as Surroundings;
}

function textOf(token: Token, name: string): string | null {
  const value = token.attrGet(name);
  return value === null ? null : String(value);
}

const { escapeHtml } = new MarkdownIt().utils;

const linkOpen: RendererRule = (tokens, at, options, _, self) => {
  const token = tokens[at];
  const address = linkAddress(textOf(token, 'href') ?? '');
  if (address === null) token.attrs = [];
  else {
    token.attrSet('href', address);
    if (/^https?:/i.test(address)) token.attrSet('rel', 'noreferrer');
  }
  return self.renderToken(tokens, at, options);
};

const image: RendererRule = (tokens, at, options, env, self) => {
  const token = tokens[at];
  const given = textOf(token, 'src') ?? '';
  const words = self.renderInlineAsText(token.children ?? [], options, env);
  const address = imageAddress(around(env).pictures.get(given) ?? given);
  const title = textOf(token, 'title');
  if (address !== null)
    return `<img src="${escapeHtml(address)}" alt="${escapeHtml(words)}"${title === null ? '' : ` title="${escapeHtml(title)}"`} loading="lazy">`;
  // The page asks no other server for anything: a picture from elsewhere is a link to it.
  const link = /^https?:/i.test(given) ? linkAddress(given) : null;
  if (link === null) return escapeHtml(words);
  return `<a href="${escapeHtml(link)}" rel="noreferrer">${escapeHtml(words === '' ? link : words)}</a>`;
};

const headingOpen: RendererRule = (tokens, at, options, env, self) => {
  const words = (tokens[at + 1]?.children ?? []).map(({ content }) => content).join('');
  const slug = headingSlug(words);
  const same = around(env).headings.get(slug) ?? 0;
  around(env).headings.set(slug, same + 1);
  if (slug !== '') tokens[at].attrSet('id', `${textIdPrefix}${slug}${same === 0 ? '' : `-${same}`}`);
  return self.renderToken(tokens, at, options);
};

/** The purifier takes styles away, and an attribute says the same. */
const aligned: RendererRule = (tokens, at, options, _, self) => {
  const token = tokens[at];
  const side = /text-align:(left|center|right)/.exec(textOf(token, 'style') ?? '')?.[1];
  token.attrs = side === undefined ? [] : [['align', side]];
  return self.renderToken(tokens, at, options);
};

interface FootnoteMeta {
  readonly id: number;
  readonly subId?: number;
}
const numberOf = (env: Env | undefined, { id }: FootnoteMeta) => around(env).footnotesBefore + id + 1;

const footnoteMark: RendererRule = (tokens, at, _options, env) => {
  const meta = tokens[at].meta as unknown as FootnoteMeta;
  const number = numberOf(env, meta);
  const id = `${textIdPrefix}mark-${number}${meta.subId ? `-${meta.subId}` : ''}`;
  return `<sup><a href="#${textIdPrefix}note-${number}" id="${id}">${number}</a></sup>`;
};
const footnoteOpen: RendererRule = (tokens, at, _options, env) => {
  const number = numberOf(env, tokens[at].meta as unknown as FootnoteMeta);
  return `<li id="${textIdPrefix}note-${number}" value="${number}">`;
};
const footnoteBack: RendererRule = (tokens, at, _options, env) => {
  const meta = tokens[at].meta as unknown as FootnoteMeta;
  const mark = `${textIdPrefix}mark-${numberOf(env, meta)}${meta.subId ? `-${meta.subId}` : ''}`;
  return ` <a href="#${mark}" aria-label="Back to the text">↩</a>`;
};

/** How tokens become HTML, where that is not as markdown-it and its plugins have it. */
export const renderRules: Readonly<Record<string, RendererRule>> = {
  link_open: linkOpen,
  image,
  heading_open: headingOpen,
  th_open: aligned,
  td_open: aligned,
  footnote_ref: footnoteMark,
  footnote_open: footnoteOpen,
  footnote_anchor: footnoteBack,
  footnote_block_open: () => '<hr>\n<ol class="footnotes">\n',
  footnote_block_close: () => '</ol>\n',
};
