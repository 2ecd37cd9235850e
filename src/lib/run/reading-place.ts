import { holdPlace } from '#lib/ui/hold-place.ts';

/** Blocks of a run's page that its child's page has too. */
const blocks = '[data-cell], [data-place]';

interface Place {
  readonly name: string;
  /** Pixels below what stays at the top of the page. */
  readonly below: number;
}

/** Where a person reads on a run's page, so that the page of its child can open there. */
export class ReadingPlace {
  #kept: Place | null = null;
  #held: () => void = () => undefined;

  /** Notes the first block that is in view. */
  keep(): void {
    this.#kept = null;
    if (scrollY < 1) return;
    const edge = topEdge();
    const block = [...document.querySelectorAll<HTMLElement>(blocks)].find(
      (one) => one.getBoundingClientRect().bottom > edge + 24,
    );
    // Inside a long block the child's is another: it opens where that begins.
    if (block) this.#kept = { name: nameOf(block), below: Math.max(12, block.getBoundingClientRect().top - edge) };
  }

  /** Puts the block that was noted where it was; false where none was, or the page has none like it. */
  restore(): boolean {
    const place = this.#kept;
    this.#kept = null;
    const block =
      place && [...document.querySelectorAll<HTMLElement>(blocks)].find((one) => nameOf(one) === place.name);
    if (!block) return false;
    this.#hold(block, place.below);
    return true;
  }

  /** Brings the element with this id to the top, and keeps it there while the page grows. */
  goTo(id: string): boolean {
    const element = document.getElementById(id);
    if (element) this.#hold(element, 12);
    return element !== null;
  }

  dispose(): void {
    this.#held();
  }

  #hold(element: HTMLElement, below: number): void {
    this.#held();
    this.#held = holdPlace(
      () => element,
      () => topEdge() + below,
    );
  }
}

function nameOf({ dataset }: HTMLElement): string {
  return dataset.place ?? (dataset.cell === 'prose' ? `prose ${dataset.block}` : `cell ${dataset.cell}`);
}

/** Lower edge of what stays at the top of the page. */
export function topEdge(): number {
  const edges = [...document.querySelectorAll('header.top, header.top > .stays')].map((one) => {
    const isStuck = getComputedStyle(one).position === 'sticky';
    return isStuck ? one.getBoundingClientRect().bottom : 0;
  });
  return Math.max(0, ...edges);
}
