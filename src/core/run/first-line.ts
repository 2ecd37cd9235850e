/** The first line of some Markdown as plain words, for one line of a list; '' where there is none. */
export function firstLine(markdown: string): string {
  const line = markdown.split(/\r?\n/).find((text) => text.replace(/[#>*\-\s`]/g, '') !== '') ?? '';
  return line
    .replace(/^[\s#>*+-]+/, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*`~]/g, '')
    .trim();
}
