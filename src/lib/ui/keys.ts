/** A key and what it does, for the handler and for the sheet alike. */
interface KeyRow {
  readonly keys: readonly string[];
  readonly does: string;
}

/** Where `g` and a letter lead. */
export const places = [
  { key: 'h', name: 'notebooks', path: '/' },
  { key: 'r', name: 'runs', path: '/runs' },
  { key: 'c', name: 'comparison of runs', path: '/compare' },
  { key: 'b', name: 'bin', path: '/bin' },
] as const;

/** Keys of the app, as the sheet lists them. */
export const keyGroups: readonly { readonly title: string; readonly rows: readonly KeyRow[] }[] = [
  {
    title: 'Anywhere',
    rows: [
      { keys: ['Ctrl', 'S'], does: 'save the notebook (⌘S on a Mac)' },
      {
        keys: ['Ctrl', 'Shift', 'Enter'],
        does: 'train: the whole notebook, or the draft of a fork (⌘⇧Enter on a Mac)',
      },
      ...places.map(({ key, name }) => ({ keys: ['g', key], does: `go to the ${name}` })),
      { keys: ['/'], does: 'search, or filter the runs' },
      { keys: ['Ctrl', 'K'], does: 'find and do: every notebook, run and action' },
      { keys: ['?'], does: 'this sheet' },
    ],
  },
  {
    title: 'With a cell selected',
    rows: [
      { keys: ['j'], does: 'next cell (also ↓)' },
      { keys: ['k'], does: 'cell before (also ↑)' },
      { keys: ['Ctrl', 'Enter'], does: 'run it; train trains (⌘Enter on a Mac; in its editor too)' },
      { keys: ['Shift', 'Enter'], does: 'run it and go on; prose and a finished run only go on' },
      { keys: ['Enter'], does: 'edit' },
      { keys: ['Esc'], does: 'leave the editor, select the cell' },
      { keys: ['y'], does: 'turn between form and YAML' },
      { keys: ['o'], does: 'fold its outputs, or show them' },
      { keys: ['a'], does: 'write text above' },
      { keys: ['b'], does: 'write text below' },
      { keys: ['c'], does: 'copy, for this page and others' },
      { keys: ['x'], does: 'cut' },
      { keys: ['v'], does: 'paste below (Shift+v: above)' },
      { keys: ['m'], does: 'turn it into text, so that its defaults hold (y on the text: back)' },
      { keys: ['d', 'd'], does: 'remove (undo brings it back)' },
      { keys: ['Alt', '↑'], does: 'move up (Alt+↓: down)' },
      { keys: ['z'], does: 'undo (Shift+z: redo)' },
    ],
  },
  {
    title: 'In the table of runs',
    rows: [
      { keys: ['j'], does: 'next run (also ↓; with Shift: tick on the way)' },
      { keys: ['k'], does: 'run before (also ↑)' },
      { keys: ['Enter'], does: 'open' },
      { keys: ['x'], does: 'tick (also Space)' },
      { keys: ['c'], does: 'compare what is ticked' },
      { keys: ['p'], does: 'pin as baseline' },
      { keys: ['s'], does: 'star' },
      { keys: ['t'], does: 'tag' },
      { keys: ['e'], does: 'archive' },
      { keys: ['#'], does: 'move to the bin' },
    ],
  },
];

/** Whether a key press belongs to a field, an editor, a button or an open dialog rather than to the page. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input, textarea, select, [contenteditable="true"], .cm-editor, dialog[open]') !== null
  );
}

/** Control on most systems, Command on a Mac; either is taken. */
export function hasMod(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.metaKey) && !event.altKey;
}
