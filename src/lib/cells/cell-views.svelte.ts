import { createContext } from 'svelte';
import { type Group, groups } from '#core/config/config.ts';

export const cellViews = ['form', 'yaml', 'both'] as const;
/** `closed`: only what the cell says in one line, and its outputs; how a finished run is read. */
type CellView = (typeof cellViews)[number] | 'closed';

/** Which face each cell of a page shows, and which are folded to their one line. */
export class CellViews {
  #of = $state<Record<Group, CellView>>({
    data: 'form',
    features: 'form',
    targets: 'form',
    model: 'form',
    loss: 'form',
    train: 'form',
  });
  #folded = $state<Partial<Record<Group, boolean>>>({});

  #outputFolded = $state<Partial<Record<Group, boolean>>>({});

  readonly #initial: CellView;
  readonly #startsFolded: (group: Group) => boolean;

  /** @param startsFolded what holds of a cell that nobody has folded or unfolded */
  constructor(initial: CellView = 'form', startsFolded: (group: Group) => boolean = () => false) {
    this.#initial = initial;
    this.#startsFolded = startsFolded;
    for (const group of groups) this.#of[group] = initial;
  }

  of(group: Group): CellView {
    return this.#of[group];
  }
  /** Shows a cell so, unfolded; the view it already has closes it where closing is what it began with. */
  choose(group: Group, view: CellView): void {
    this.#of[group] = this.#of[group] === view && !this.isFolded(group) ? this.#initial : view;
    this.fold(group, false);
  }
  /** Form ↔ YAML; side by side becomes YAML. */
  toggle(group: Group): void {
    this.#of[group] = this.#of[group] === 'form' ? 'yaml' : 'form';
    this.fold(group, false);
  }
  isFolded(group: Group): boolean {
    return this.#folded[group] ?? this.#startsFolded(group);
  }
  fold(group: Group, folded: boolean): void {
    this.#folded[group] = folded;
  }
  isOutputFolded(group: Group): boolean {
    return this.#outputFolded[group] ?? false;
  }
  toggleOutput(group: Group): void {
    this.#outputFolded[group] = !this.isOutputFolded(group);
  }
}

export const [getCellViews, setCellViews] = createContext<CellViews>();
