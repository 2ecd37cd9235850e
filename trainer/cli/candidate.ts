/** A word that may stand somewhere, and what it is. One that ends in `.`, `=` or `/` is not finished. */
export interface Candidate {
  readonly value: string;
  readonly what: string;
}

/** Asks the shell for the names of files besides. */
export const fileNames: Candidate = { value: ':files', what: '' };
