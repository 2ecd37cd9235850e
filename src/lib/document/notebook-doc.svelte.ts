import { type Config, type ConfigGroups, type Group, groups } from '#core/config/config.ts';
import { type ConfigDiff, diffConfigs } from '#core/config/diff.ts';
import { type Document, valueAt } from '#core/config/document.ts';
import type { Field } from '#core/config/fields.ts';
import type { Issue } from '#core/error.ts';
import { checkNotebook } from '#core/notebook/diagnose.ts';
import { removeKey, setCellText, setValue } from '#core/notebook/edit.ts';
import { type Diagnostic, findCell, findObstacle, type Notebook, type Prose } from '#core/notebook/notebook.ts';
import { parseNotebook } from '#core/notebook/parse.ts';
import { type Architecture, architectures } from '#core/models/registry.ts';
import { type ScheduleName, scheduleNames } from '#core/schedules/registry.ts';
import { withoutOverrides } from './drop-overrides.ts';

/** What a notebook chooses where the choice says which keys mean anything; null where what it names is not there. */
export interface Chosen {
  readonly architecture: Architecture | null;
  readonly schedule: ScheduleName | null;
  /** Whether the splits begin at instants that are given; else shares say. */
  readonly hasInstants: boolean;
}

interface Version {
  readonly text: string;
  readonly overrides: readonly string[];
}

const historyLimit = 500;
/** Changes of one kind within this many ms are one step of undo. */
const mergeWithin = 1200;

/**
 * A notebook being edited: its text is the only state, everything else is derived from it. Form and YAML are two
 * views of that text, so they cannot disagree. Every change is one step of undo.
 */
export class NotebookDoc {
  #version = $state.raw<Version>({ text: '', overrides: [] });
  #past = $state.raw<readonly Version[]>([]);
  #future = $state.raw<readonly Version[]>([]);
  #refusal = $state.raw<{ readonly group: string; readonly message: string } | null>(null);
  #lastMerge = { key: '', at: 0 };
  readonly #clock: () => number;
  /** Called after every change, undo and redo included. */
  onchange: (() => void) | null = null;

  constructor(text: string, overrides: readonly string[] = [], clock: () => number = Date.now) {
    this.#version = { text, overrides };
    this.#clock = clock;
  }

  get text(): string {
    return this.#version.text;
  }
  /** Overrides laid over the cells, e.g. those a run was started with on the command line. */
  get overrides(): readonly string[] {
    return this.#version.overrides;
  }

  readonly notebook: Notebook = $derived.by(() => parseNotebook(this.#version.text));
  readonly #checked = $derived.by(() => checkNotebook(this.notebook, { overrides: this.#version.overrides }));

  get diagnostics(): readonly Diagnostic[] {
    return this.#checked.diagnostics;
  }
  /** Issues on configuration keys, for fields; those of the file itself are in `diagnostics`. */
  get issues(): readonly Issue[] {
    return this.#checked.issues;
  }
  /** The complete configuration; null while something is wrong. */
  get config(): Config | null {
    return this.#checked.config;
  }
  get isValid(): boolean {
    return this.#checked.config !== null;
  }

  /** What the cells without a problem come to, whatever is wrong in the others: null for a cell that has one. */
  get groups(): ConfigGroups {
    return this.#checked.groups;
  }
  /** Cells with a problem of their own. */
  readonly broken: readonly Group[] = $derived(
    groups.filter((group) => {
      const waits = group === 'loss' && this.groups.targets === null;
      return (this.groups[group] === null && !waits) || this.errorsOf(group).length > 0;
    }),
  );
  readonly chosen: Chosen = $derived({
    architecture: architectures.find((name) => name === this.valueAt(['model', 'architecture'])) ?? null,
    schedule: scheduleNames.find((name) => name === this.valueAt(['train', 'schedule', 'kind'])) ?? null,
    hasInstants: ['validation_from', 'test_from'].some(
      (key) => (this.valueAt(['data', 'split', key]) ?? null) !== null,
    ),
  });

  get title(): string {
    return this.notebook.frontMatter?.title?.trim() ?? '';
  }
  get canUndo(): boolean {
    return this.#past.length > 0;
  }
  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  diagnosticsOf(group: Group): readonly Diagnostic[] {
    const isThere = findCell(this.notebook, group) !== undefined;
    return this.diagnostics.filter(({ cell, hides }) => cell === group || (hides === group && !isThere));
  }
  errorsOf(group: Group): readonly Diagnostic[] {
    return this.diagnosticsOf(group).filter(({ severity }) => severity === 'error');
  }

  /** Why a cell has no form now: its YAML cannot be read, or it lies inside code that was never closed. */
  obstacleOf(group: Group): string | null {
    if (!findObstacle(this.notebook, group)) return null;
    return findCell(this.notebook, group)
      ? 'The YAML of this cell cannot be read, so there is no form of it; it is mended as YAML'
      : 'This cell lies inside code that begins above it and was never closed; it is mended there';
  }

  /** Keys in which this differs from another configuration, given in the form of files; none of a cell that cannot be read. */
  changesFrom(base: Document): ConfigDiff {
    const isRead = (key: string) => !groups.some((group) => group === key.split('.')[0] && this.obstacleOf(group));
    const changes = Object.entries(diffConfigs(base, this.#checked.document));
    return Object.fromEntries(changes.filter(([key]) => isRead(key)));
  }

  /** Replaces the whole text: one step of undo, so that what stood there is never lost. */
  setText(text: string, merge = ''): void {
    if (text === this.#version.text) return;
    const now = this.#clock();
    const joins = merge !== '' && merge === this.#lastMerge.key && now - this.#lastMerge.at < mergeWithin;
    this.#lastMerge = { key: merge, at: now };
    if (!joins) this.#past = [...this.#past, this.#version].slice(-historyLimit);
    this.#future = [];
    this.#refusal = null;
    this.#version = { text, overrides: withoutOverrides(this.#version.overrides, this.#version.text, text) };
    this.onchange?.();
  }

  /** Sets one key of a cell, e.g. `('model', ['lookback'], 128)`: the smallest change of the text that says so. */
  setValue(group: Group, path: readonly string[], value: unknown): void {
    this.setText(setValue(this.#version.text, group, path, value), `${group}.${path.join('.')}`);
  }

  /** Takes a key out of its cell, so that its default holds again. */
  removeKey(group: Group, path: readonly string[]): void {
    this.setText(removeKey(this.#version.text, group, path));
  }

  /**
   * What a field shows: the value as the cell has it, right or wrong, else its default. Under overrides what they come to
   * stands first, for it is what ran.
   */
  valueAt(path: readonly string[]): unknown {
    const [group, ...keys] = path;
    const written = valueAt(findCell(this.notebook, group as Group)?.value, keys);
    const complete = valueAt(this.#checked.document, path);
    if (this.overrides.length > 0 && this.config) return complete ?? written;
    return written === undefined ? complete : written;
  }

  /** The same for a field that is shown: one that is not written has its default, whatever is wrong beside it. */
  valueOf({ path, default: fallback }: Pick<Field, 'path' | 'default'>): unknown {
    const value = this.valueAt(path);
    return value === undefined ? fallback : value;
  }

  /** Which kind of block stands at a path, also where the cell names other keys of it alone; empty for none. */
  kindAt(path: readonly string[]): string {
    return String(this.valueAt([...path, 'kind']) ?? '');
  }

  /** Whether the cell itself names this key, so that it can be taken back to its default. */
  isWritten(path: readonly string[]): boolean {
    const [group, ...keys] = path;
    return valueAt(findCell(this.notebook, group as Group)?.value, keys) !== undefined;
  }

  /** Finding on exactly this key. */
  issueAt(path: readonly string[]): string | null {
    const key = path.join('.');
    return this.issues.find((issue) => issue.path === key)?.message ?? null;
  }

  /** Sets or, given undefined, removes the key at a path from the root, as a field does. */
  assign(path: readonly string[], value: unknown): void {
    const [group, ...keys] = path;
    try {
      if (value === undefined) this.removeKey(group as Group, keys);
      else this.setValue(group as Group, keys, value);
      this.#refusal = null;
    } catch (error) {
      this.#refusal = { group, message: error instanceof Error ? error.message : String(error) };
    }
  }
  /** Why the last change through a field of a cell could not be made, e.g. while its YAML is broken. */
  refusalOf(group: Group): string | null {
    return this.#refusal?.group === group ? this.#refusal.message : null;
  }

  setCellText(group: Group, yaml: string): void {
    this.setText(setCellText(this.#version.text, group, yaml), `cell ${group}`);
  }

  /** The YAML of a cell; empty where the notebook leaves it to the defaults. */
  cellText(group: Group): string {
    return findCell(this.notebook, group)?.text ?? '';
  }

  setProse(block: Prose, raw: string): void {
    const { text } = this.#version;
    this.setText(text.slice(0, block.start) + raw + text.slice(block.start + block.raw.length), `prose ${block.start}`);
  }

  undo(): void {
    const version = this.#past.at(-1);
    if (!version) return;
    this.#future = [...this.#future, this.#version];
    this.#past = this.#past.slice(0, -1);
    this.#restore(version);
  }

  redo(): void {
    const version = this.#future.at(-1);
    if (!version) return;
    this.#past = [...this.#past, this.#version];
    this.#future = this.#future.slice(0, -1);
    this.#restore(version);
  }

  #restore(version: Version): void {
    this.#lastMerge = { key: '', at: 0 };
    this.#refusal = null;
    this.#version = version;
    this.onchange?.();
  }
}
