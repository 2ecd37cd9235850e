import { join } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '#core/config/digest.ts';
import { parseConfig } from '#core/config/config-file.ts';
import type { Config } from '#core/config/config.ts';
import type { Document } from '#core/config/document.ts';
import { AppError } from '#core/error.ts';
import { runFiles } from '#core/run/run-files.ts';
import { stepSettings } from '#core/steps/step-settings.ts';
import { keptBarsSchema, type RunRecord } from '#trainer/run-folder/frozen.ts';
import { readRunJson } from '#trainer/run-folder/run-json.ts';
import { KeptBars } from '#trainer/steps/kept-bars.ts';

type WantedBars = NonNullable<RunRecord['bars']>;

interface Parent {
  readonly runsFolder: string;
  readonly id: string;
  readonly number: number;
  readonly config: Document;
}

/**
 * The bars of the parent that a fork is trained on: those that were kept, where it loads as the parent did. null: it reads the
 * file. Where nothing was said, it is null too where there are none to be had.
 * @throws AppError state_conflict where the parent's are asked for and cannot be used
 */
export async function findParentBars(
  { runsFolder, id, number, config }: Parent,
  child: Config,
  asked: 'parent' | 'today' | undefined,
): Promise<WantedBars | null> {
  if (asked === 'today') return null;
  const before = parseConfig(config).config;
  const found = await readBars(join(runsFolder, id));
  const isKept = found !== null && (await new KeptBars(runsFolder).find(found.content)) !== null;
  const loadsAlike = before !== null && loadsFrom(before, child);
  if (isKept && loadsAlike) return found;
  if (asked === undefined) return null;
  const why = isKept ? 'the fork loads its data with other settings' : 'they are not kept';
  throw new AppError(
    'state_conflict',
    `The bars of R${number} cannot be used: ${why}. Fork it with bars: today, which reads the file anew.`,
  );
}

/** Bars of a run as its data.json names them; null where it does not. */
export async function readBars(folder: string): Promise<WantedBars | null> {
  return (await readRunJson(folder, runFiles.data, z.object({ bars: keptBarsSchema })))?.bars ?? null;
}

/** Whether the child finds in the parent's bars all that it would load: columns that it leaves out do no harm. */
function loadsFrom(parent: Config, child: Config): boolean {
  const [had, wants] = [parent, child].map((config) => Object.keys(config.features.columns));
  const settings = (config: Config) => canonicalJson({ ...stepSettings('data', config), extra: null });
  return settings(parent) === settings(child) && wants.every((name) => had.includes(name));
}
