import { z } from 'zod';

/** One notebook in the library. */
export const notebookEntrySchema = z.object({
  slug: z.string(),
  title: z.string(),
  /** First sentence or two of its prose, plain text; may be empty. */
  summary: z.string(),
  /** ISO time of the last change of the file. */
  modifiedAt: z.string(),
});
export type NotebookEntry = Readonly<z.infer<typeof notebookEntrySchema>>;
