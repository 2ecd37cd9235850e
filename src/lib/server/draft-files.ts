import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#core/error.ts';
import { forkDraftSchema } from '#core/notebook/fork-draft.ts';
import { replaceFile } from '#disk/replace-file.ts';
import { goneTag } from '#lib/api/gone-tag.ts';
import { inTurn } from './in-turn.ts';
import { etagOf, maxNotebookBytes } from './notebook-files.ts';

const draftFolder = '.drafts';

/** Largest draft, in bytes: a notebook of which JSON writes every character as six. */
export const maxDraftBytes = 6 * maxNotebookBytes;

/** Text of a draft as JSON, empty where there is none, and the tag that names exactly these bytes. */
interface DraftFile {
  readonly text: string;
  readonly etag: string;
}

const none: DraftFile = { text: '', etag: goneTag };

/** The draft of a fork of a run. @throws AppError run_not_found where that is no id of a run. */
export async function readDraft(folder: string, run: string): Promise<DraftFile> {
  const text = await readFile(pathOf(folder, run), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return '';
    throw error;
  });
  return text === '' ? none : { text, etag: etagOf(text) };
}

/**
 * Keeps a draft in the place of the one with the tag `expected`; an empty text takes it away. What is there already is kept
 * whatever the tag. @returns what is there then: the same text, or the one that somebody else has kept meanwhile.
 * @throws AppError invalid_request where it is no draft, as readDraft.
 */
export async function keepDraft(folder: string, run: string, text: string, expected: string): Promise<DraftFile> {
  const path = pathOf(folder, run);
  if (text !== '') requireDraft(text);
  return inTurn(path, async () => {
    const current = await readDraft(folder, run);
    if (current.text === text || current.etag !== expected) return current;
    if (text === '') {
      await rm(path, { force: true });
      return none;
    }
    await mkdir(join(folder, draftFolder), { recursive: true });
    await replaceFile(path, text, { draft: `${path}.${randomUUID().slice(0, 8)}.tmp` });
    return { text, etag: etagOf(text) };
  });
}

function requireDraft(text: string): void {
  try {
    const { success } = forkDraftSchema.safeParse(JSON.parse(text));
    if (success) return;
  } catch {
    // No JSON: told below.
  }
  throw new AppError('invalid_request', 'Expected a draft, {"text", "from"}, or nothing, which takes it away');
}

function pathOf(folder: string, run: string): string {
  if (/^[0-9a-z]{10,40}$/.test(run)) return join(folder, draftFolder, `${run}.json`);
  throw new AppError('run_not_found', `There is no run ${JSON.stringify(run.slice(0, 60))}`);
}
