import type { Group } from '#core/config/config.ts';
import { AppError } from '#core/error.ts';
import type { Passage } from '#core/run/said.ts';

/** Most passages of a run. */
const mostPassages = 200;

interface NewPassage {
  readonly after: Group | null;
  readonly replaces: boolean;
  readonly text: string;
}

/**
 * The passages with one more. Of a text there is one replacement: where it has one, that is changed.
 * @param at ISO time. @throws AppError too_large with more than 200.
 */
export function addPassage(prose: readonly Passage[], added: NewPassage, at: string): readonly Passage[] {
  if (added.replaces) {
    const before = prose.find(({ after, replaces }) => replaces && after === added.after);
    if (before !== undefined)
      return prose.map((passage) => (passage === before ? { ...before, ...added, at } : passage));
  }
  if (prose.length >= mostPassages)
    throw new AppError('too_large', `A run may have ${mostPassages} passages of added text at most.`);
  const next = Math.max(0, ...prose.map(({ id }) => Number(id.slice(1)))) + 1;
  return [...prose, { id: `p${next}`, ...added, at }];
}

/**
 * The passages with other words in one. @param over Time of the version that the words replace; undefined: any.
 * @throws AppError artifact_not_found where there is no such passage, state_conflict where it was changed since.
 */
export function editPassage(
  prose: readonly Passage[],
  id: string,
  { text, over, at }: { readonly text: string; readonly over?: string; readonly at: string },
): readonly Passage[] {
  const before = requirePassage(prose, id);
  if (before.text === text) return prose;
  requireNewest('passage', over, before.at);
  return prose.map((passage) => (passage === before ? { ...before, text, at } : passage));
}

/** The passages without one; where that stood in place of a text, the text is as it was. @throws as editPassage. */
export function removePassage(prose: readonly Passage[], id: string): readonly Passage[] {
  const before = requirePassage(prose, id);
  return prose.filter((passage) => passage !== before);
}

function requirePassage(prose: readonly Passage[], id: string): Passage {
  const found = prose.find((passage) => passage.id === id);
  if (found !== undefined) return found;
  throw new AppError(
    'artifact_not_found',
    `This run has no added passage ${id.slice(0, 20)}. GET /runs/{id} lists them.`,
  );
}

/** @param over Time of the version that a writer replaces. @throws AppError state_conflict where `now` is another. */
export function requireNewest(what: string, over: string | null | undefined, now: string | null): void {
  if (over === undefined || over === now) return;
  const when = now === null ? 'taken back' : `changed, ${now}`;
  throw new AppError('state_conflict', `This ${what} was ${when}, after what you replace. Read it, then write again.`);
}
