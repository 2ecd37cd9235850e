import { autocompletion, type CompletionSource, completionStatus } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, HighlightStyle, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { Annotation, Compartment, EditorState, type Extension, Prec } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { styleNonce } from '#lib/ui/style-nonce.ts';

/** Marks a change that came from outside, so that it is not reported back. */
const outside = Annotation.define<boolean>();

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--series-3)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--series-2)' },
  { tag: tags.comment, color: 'var(--faint)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.separator], color: 'var(--soft)' },
]);

const look = EditorView.theme({
  '&': { fontSize: '13px', backgroundColor: 'var(--sunken)', borderRadius: '6px', color: 'var(--ink)' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '0' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6', overflow: 'auto' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 12px 0 6px' },
  '.cm-gutters': { backgroundColor: 'transparent', border: 'none', color: 'var(--faint)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { backgroundColor: 'light-dark(rgb(0 0 0 / 0.035), rgb(255 255 255 / 0.05))' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': {
    backgroundColor: 'light-dark(#cfe0fb, #2b4677) !important',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--surface)',
    border: '1px solid var(--line)',
    borderRadius: '6px',
    color: 'var(--ink)',
    maxWidth: 'min(480px, 90vw)',
  },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--accent-ink)' },
  '.cm-diagnostic': { fontFamily: 'var(--sans)', padding: '4px 8px' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--bad)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad)',
    textDecorationSkipInk: 'none',
  },
});

interface YamlEditorOptions {
  readonly text: string;
  readonly label: string;
  /** Number of the first line in the file of the notebook, so that every place has one number; 1 where it is in none. */
  readonly firstLine?: number;
  /** Called with the whole text on every change a person makes. */
  onchange(text: string): void;
  /** Called on Escape with no popup open. */
  onleave(): void;
  readonly complete?: CompletionSource;
  readonly language?: 'yaml' | 'markdown';
}

const numbering = new Compartment();

function numbersFrom(first: number): Extension {
  return lineNumbers({ formatNumber: (line) => String(line + first - 1) });
}

/** Numbers the lines anew after something above the cell has grown or shrunk. */
export function numberLines(view: EditorView, firstLine: number): void {
  view.dispatch({ effects: numbering.reconfigure(numbersFrom(firstLine)) });
}

/** The editor of one cell's YAML, or of one piece of prose. Whoever makes it calls `destroy`. */
export function openEditor(parent: HTMLElement, options: YamlEditorOptions): EditorView {
  const isYaml = options.language !== 'markdown';
  const extensions: Extension[] = [
    history(),
    drawSelection(),
    highlightActiveLine(),
    bracketMatching(),
    indentUnit.of('  '),
    syntaxHighlighting(colours),
    look,
    EditorView.cspNonce.of(styleNonce()),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': options.label }),
    // Before the completion's own: that would swallow the key while it still looks for something to offer.
    Prec.highest(
      keymap.of([
        {
          key: 'Escape',
          run: ({ state }) => {
            if (completionStatus(state) === 'active') return false;
            options.onleave();
            return true;
          },
        },
      ]),
    ),
    keymap.of([
      // Mod+Enter and Shift+Enter belong to the page.
      ...defaultKeymap
        .filter(({ key }) => key !== 'Mod-Enter' && key !== 'Shift-Enter')
        .map((binding) => (binding.key === 'Enter' ? { ...binding, shift: undefined } : binding)),
      ...historyKeymap,
      ...(isYaml ? [indentWithTab] : []),
    ]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && !update.transactions.some((transaction) => transaction.annotation(outside))) {
        options.onchange(update.state.doc.toString());
      }
    }),
  ];
  if (isYaml) {
    extensions.push(numbering.of(numbersFrom(options.firstLine ?? 1)), yaml(), lintGutter());
    extensions.push(autocompletion(options.complete ? { override: [options.complete] } : {}));
  }
  return new EditorView({ parent, state: EditorState.create({ doc: plainEnds(options.text), extensions }) });
}

/** An editor's lines all end in LF; the file keeps its own ends. */
function plainEnds(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

/** Takes over a text that changed outside, as the smallest change, so that cursor and history survive. */
export function syncText(view: EditorView, written: string): void {
  const text = plainEnds(written);
  const current = view.state.doc.toString();
  if (current === text) return;
  let start = 0;
  const least = Math.min(current.length, text.length);
  while (start < least && current[start] === text[start]) start++;
  let end = 0;
  while (end < least - start && current[current.length - 1 - end] === text[text.length - 1 - end]) end++;
  view.dispatch({
    changes: { from: start, to: current.length - end, insert: text.slice(start, text.length - end) },
    annotations: outside.of(true),
  });
}

/** A finding at a place in the editor's own text; lines and columns from 1. */
export interface EditorFinding {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly message: string;
}

/** Shows findings at their lines; one outside the text is put on its nearest line. */
export function showFindings(view: EditorView, findings: readonly EditorFinding[]): void {
  const { doc } = view.state;
  const offset = (line: number, column: number) => {
    const at = doc.line(Math.min(Math.max(1, line), doc.lines));
    return Math.min(at.to, at.from + Math.max(0, column - 1));
  };
  const diagnostics = findings.map((finding): Diagnostic => {
    const from = offset(finding.line, finding.column);
    return {
      from,
      to: Math.max(from, offset(finding.endLine, finding.endColumn)),
      severity: 'error',
      message: finding.message,
    };
  });
  view.dispatch(setDiagnostics(view.state, diagnostics));
}
