import { taskLines } from './markdown.ts';

/** The text with task `index`, counted from 0 as they are rendered, ticked or not. */
export function tickTask(text: string, index: number, isDone: boolean): string {
  const at = taskLines(text)[index];
  const lines = text.split(/(?<=\n|\r(?!\n))/);
  return lines
    .map((line, number) => (number === at ? line.replace(/\[[ x]\]/i, isDone ? '[x]' : '[ ]') : line))
    .join('');
}
