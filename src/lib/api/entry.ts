import { z } from 'zod';

/** One notebook in the library. */
const notebookEntrySchema = z.object({
  slug: z.string(),
  title: z.string(),
  /** First sentence or two of its prose, plain text; may be empty. */
  summary: z.string(),
  /** ISO time of the last change of the file. */
  modifiedAt: z.string(),
  /** The line that a search found, where one was asked for: of its prose, or a configuration key with its value. */
  found: z
    .object({
      /** `prose`, `title`, or the kind of the cell. */
      where: z.string(),
      line: z.string(),
    })
    .nullish(),
});
export type NotebookEntry = Readonly<z.infer<typeof notebookEntrySchema>>;

/** Answer of GET /files/notebooks. */
export const notebookListSchema = z.object({
  notebooks: z.array(notebookEntrySchema).readonly(),
  /** Files that look like notebooks and cannot be, in the order of their names. */
  unusable: z
    .array(
      z.object({
        file: z.string(),
        /** End of a sentence about it: "its name holds a space: …". */
        reason: z.string(),
      }),
    )
    .readonly(),
});
export type NotebookList = Readonly<z.infer<typeof notebookListSchema>>;
export type UnusableFile = NotebookList['unusable'][number];

/** A notebook in the bin. */
export const binnedNotebooksSchema = z.object({
  notebooks: z
    .array(
      z.object({
        /** What brings it back. */
        restore: z.string(),
        slug: z.string(),
        title: z.string(),
        bytes: z.number(),
        /** ISO time; null where an older version did it. */
        binnedAt: z.string().nullable(),
      }),
    )
    .readonly(),
});
export type BinnedNotebook = Readonly<z.infer<typeof binnedNotebooksSchema>['notebooks'][number]>;
