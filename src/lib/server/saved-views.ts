import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#core/error.ts';
import { findGivenNameFault } from '#core/given-name.ts';
import { readPlainFile } from '#disk/plain-file.ts';
import { replaceJson } from '#disk/replace-file.ts';
import type { SavedView } from '#lib/api/views.ts';
import { inTurn } from './in-turn.ts';

const most = 500;
const longestName = 100;
const longestQuery = 20_000;

const fileSchema = z.object({ views: z.array(z.object({ name: z.string(), query: z.string() })) });

/**
 * The named views of the run table, in `views.json` of the home, by name. @throws AppError state_conflict where that file is
 * damaged: nothing is written over it.
 */
export async function listViews(home: string): Promise<readonly SavedView[]> {
  const path = join(home, 'views.json');
  const text = await readPlainFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return [];
  try {
    const { views } = fileSchema.parse(JSON.parse(text));
    return views.sort((a, b) => a.name.localeCompare(b.name));
  } catch (cause) {
    throw new AppError(
      'state_conflict',
      'views.json, which holds the named views of the run table, cannot be read. Repair it or move it away; it lies in the home.',
      { cause },
    );
  }
}

/** Gives a view a name; one that bears it already is replaced. @returns what the name stood for before; null: nothing. */
export function saveView(home: string, { name, query }: SavedView): Promise<SavedView | null> {
  const fault = findGivenNameFault(name);
  if (fault !== null) throw new AppError('invalid_request', `The name ${JSON.stringify(name.slice(0, 120))} ${fault}`);
  if (name.length > longestName || query.length > longestQuery)
    throw new AppError(
      'too_large',
      `A view has a name of ${longestName} characters and a query of ${longestQuery} at most.`,
    );
  return inTurn(home, async () => {
    const views = await listViews(home);
    const before = views.find((view) => view.name === name) ?? null;
    const others = views.filter((view) => view.name !== name);
    if (others.length >= most) throw new AppError('too_large', `There are ${most} views already: delete one first.`);
    await write(home, [...others, { name, query }]);
    return before;
  });
}

/** Takes a view from the list. @returns what it was; null where there is none of the name. */
export function deleteView(home: string, name: string): Promise<SavedView | null> {
  return inTurn(home, async () => {
    const views = await listViews(home);
    const gone = views.find((view) => view.name === name) ?? null;
    if (gone !== null)
      await write(
        home,
        views.filter((view) => view !== gone),
      );
    return gone;
  });
}

function write(home: string, views: readonly SavedView[]): Promise<void> {
  const sorted = [...views].sort((a, b) => a.name.localeCompare(b.name));
  return replaceJson(join(home, 'views.json'), { views: sorted });
}
