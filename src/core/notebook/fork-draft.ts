import { z } from 'zod';

/** A fork that is being written and has not run: kept with the home, so that it is in every browser. */
export const forkDraftSchema = z.object({
  text: z.string().describe('Of the notebook that the child is to have'),
  from: z.string().nullable().describe('Checkpoint of the run whose weights the child begins with; null: random ones'),
  today: z.boolean().default(false).describe('Whether the file is read anew, where the bars of the run are kept'),
});
export type KeptFork = Readonly<z.infer<typeof forkDraftSchema>>;
