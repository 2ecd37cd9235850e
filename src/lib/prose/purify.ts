import createPurifier, { type DOMPurify } from 'dompurify';
import { textIdPrefix } from './addresses.ts';

/** Lengths and places of KaTeX's boxes, and nothing that could ask for an address or leave the text. */
const boxStyle =
  /^(?:(?:height|width|min-width|top|left|bottom|vertical-align|margin-(?:left|right|top)|padding-left|border-(?:bottom|top|right)-width|color):(?:-?[\d.]+(?:em|ex|mu|%)?|[a-z]+|#[0-9a-f]{3,8});?|position:relative;?)*$/i;
const textClass = /^(?:katex(?:-display|-error)?|footnotes|task-list-(?:container|item))$/;

let purifier: DOMPurify | null = null;

/**
 * HTML of `renderMarkdown` once more through the purifier, a second lock on the same door; needs a browser. Beyond plain text
 * it leaves what KaTeX draws with, ids of headings and footnotes, and boxes of tasks.
 */
export function purify(html: string): string {
  purifier ??= openPurifier();
  return purifier.sanitize(html, {
    USE_PROFILES: { html: true, mathMl: true, svg: true },
    FORBID_TAGS: ['style', 'form', 'button', 'select', 'textarea', 'iframe', 'object', 'embed', 'foreignobject', 'use'],
    FORBID_ATTR: ['name'],
    // The source of a formula, which would be read aloud behind the formula.
    FORBID_CONTENTS: ['annotation'],
  });
}

function openPurifier(): DOMPurify {
  const purifier = createPurifier(window);
  purifier.addHook('uponSanitizeAttribute', (element, data) => {
    const { attrName, attrValue } = data;
    const isMaths = element.closest('.katex') !== null;
    if (attrName === 'style') data.keepAttr = isMaths && boxStyle.test(attrValue.replaceAll(' ', ''));
    else if (attrName === 'class') data.keepAttr = isMaths || textClass.test(attrValue);
    else if (attrName === 'id') data.keepAttr = attrValue.startsWith(textIdPrefix);
    else if (attrName === 'data-task') data.keepAttr = element instanceof HTMLInputElement;
  });
  purifier.addHook('uponSanitizeElement', (node) => {
    if (node instanceof HTMLInputElement && node.type !== 'checkbox') node.remove();
    else if (node instanceof SVGElement && node.closest('.katex') === null) node.remove();
  });
  return purifier;
}
