/** One notebook in the library. */
export interface NotebookEntry {
  readonly slug: string;
  readonly title: string;
  /** First sentence or two of its prose, plain text; may be empty. */
  readonly summary: string;
  /** ISO time of the last change of the file. */
  readonly modifiedAt: string;
}
