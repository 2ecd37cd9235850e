import { z } from 'zod';
import { groups } from '#core/config/config.ts';

/** Words that were added to the text of a run, or put in the place of some of it, after it was made. */
export const passageSchema = z
  .object({
    id: z.string(),
    after: z
      .enum(groups)
      .nullable()
      .describe('The cell behind which it stands; null: before the first. A run has each cell once, so this lasts'),
    replaces: z.boolean().describe('Stands in the place of the frozen text that is there; else below it'),
    text: z.string().describe('Markdown; empty in place of a text: that text is taken back'),
    at: z.string().describe('ISO time of the last change'),
  })
  .meta({ ref: 'Passage' });
export type Passage = Readonly<z.infer<typeof passageSchema>>;

/** What people say of a run after it was made. It lies outside of the run's folder, in `runs/workspace.json`. */
export const saidSchema = z.object({
  name: z.string(),
  tags: z.array(z.string()).readonly(),
  notes: z.string(),
  conclusion: z.string().default(''),
  concludedAt: z.string().nullable().default(null).describe('ISO time; null where there is no conclusion'),
  starred: z.boolean().default(false),
  archived: z.boolean().default(false),
  prose: z.array(passageSchema).readonly().default([]),
});
export type Said = Readonly<z.infer<typeof saidSchema>>;
