import { acceptCompletion, autocompletion, completionStatus, startCompletion } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { setDiagnostics } from '@codemirror/lint';
import { Annotation, EditorState, Prec } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';
import type { FilterFault } from '#core/query/parse-filter.ts';
import { styleNonce } from '#lib/ui/style-nonce.ts';
import type { FilterCompletion } from './filter-completion.ts';

/** Marks a change that came from outside, so that it is not reported back. */
const outside = Annotation.define<boolean>();

const look = EditorView.theme({
  '&': { fontSize: '13px', color: 'var(--ink)', backgroundColor: 'transparent' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '22px', overflowX: 'auto', scrollbarWidth: 'none' },
  '.cm-content': { padding: '5px 0', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 2px' },
  '.cm-placeholder': { color: 'var(--faint)', fontFamily: 'var(--sans)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--surface)',
    border: '1px solid var(--line)',
    borderRadius: '6px',
    boxShadow: '0 8px 28px rgb(0 0 0 / 0.18)',
    color: 'var(--ink)',
    maxWidth: 'min(480px, 90vw)',
  },
  '.cm-tooltip-autocomplete': { marginTop: '7px' },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: '16em' },
  '.cm-tooltip-autocomplete > ul > li': { padding: '2px 8px' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--accent-ink)' },
  '.cm-completionDetail': { color: 'var(--soft)', fontFamily: 'var(--sans)', fontStyle: 'normal', fontSize: '12px' },
  'li[aria-selected] .cm-completionDetail': { color: 'inherit' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-diagnostic': { fontFamily: 'var(--sans)', padding: '4px 8px' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--bad)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad)',
    textDecorationSkipInk: 'none',
  },
});

interface FilterEditorOptions {
  readonly text: string;
  readonly label: string;
  readonly hint: string;
  complete(text: string, at: number): FilterCompletion;
  /** Called with the whole text on every change a person makes. */
  onchange(text: string): void;
  /** Called on Enter with no popup open. */
  oncommit(): void;
  /** Called on Escape with no popup open. */
  onleave(): void;
}

/** A field of one line for a filter, with completion. Whoever opens it calls `destroy`. */
export function openFilterEditor(parent: HTMLElement, options: FilterEditorOptions): EditorView {
  const whenClosed = (work: () => void) => ({
    run: ({ state }: EditorView) => {
      if (completionStatus(state) === 'active') return false;
      work();
      return true;
    },
  });
  const extensions = [
    history(),
    look,
    EditorView.cspNonce.of(styleNonce()),
    EditorView.contentAttributes.of({
      'aria-label': options.label,
      'aria-multiline': 'false',
      spellcheck: 'false',
      tabindex: '0',
    }),
    placeholder(options.hint),
    // One line: what is pasted over several becomes one.
    EditorState.transactionFilter.of((transaction) =>
      transaction.newDoc.lines > 1
        ? [transaction, { changes: lineEnds(transaction.newDoc.toString()), sequential: true }]
        : transaction,
    ),
    Prec.highest(
      keymap.of([
        { key: 'Enter', ...whenClosed(() => options.oncommit()) },
        { key: 'Escape', ...whenClosed(() => options.onleave()) },
        { key: 'Tab', run: acceptCompletion },
        { key: 'ArrowDown', run: (view) => completionStatus(view.state) === null && startCompletion(view) },
      ]),
    ),
    keymap.of([...defaultKeymap.filter(({ key }) => key !== 'Enter' && key !== 'Mod-Enter'), ...historyKeymap]),
    autocompletion({
      icons: false,
      override: [
        ({ state, pos }) => {
          const { from, options: offered } = options.complete(state.doc.toString(), pos);
          if (offered.length === 0) return null;
          const weight = { column: 0, sign: 2, value: 1, word: -1 } as const;
          return {
            from,
            options: offered.map(({ text, detail, kind }) => ({
              label: text,
              detail,
              boost: weight[kind],
              apply: kind === 'value' ? text : `${text} `,
            })),
            validFor: /^[\w.-]*$/,
          };
        },
      ],
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && !update.transactions.some((transaction) => transaction.annotation(outside)))
        options.onchange(update.state.doc.toString());
    }),
  ];
  return new EditorView({ parent, state: EditorState.create({ doc: toLine(options.text), extensions }) });
}

/** Takes over a text that changed outside. */
export function setFilterText(view: EditorView, text: string): void {
  const line = toLine(text);
  if (view.state.doc.toString() === line) return;
  view.dispatch({
    changes: { from: 0, to: view.state.doc.length, insert: line },
    selection: { anchor: line.length },
    annotations: outside.of(true),
  });
}

/** Underlines what is wrong; one at the end of the text its last character. */
export function showFault(view: EditorView, fault: FilterFault | null): void {
  const { length } = view.state.doc;
  const found = fault === null ? [] : [place(fault, length)];
  view.dispatch(setDiagnostics(view.state, found));
}

function place({ from, to, message }: FilterFault, length: number) {
  const end = Math.min(to, length);
  return {
    from: Math.max(0, Math.min(from, end === from ? end - 1 : from)),
    to: end,
    message,
    severity: 'error' as const,
  };
}

function toLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ');
}

function lineEnds(text: string): readonly { readonly from: number; readonly to: number; readonly insert: string }[] {
  return [...text.matchAll(/\n/g)].map(({ index }) => ({ from: index, to: index + 1, insert: ' ' }));
}
