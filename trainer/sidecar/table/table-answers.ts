import { createHash, randomBytes } from 'node:crypto';

interface SentPage {
  readonly query: string;
  /** Key of a row → digest of what was sent of it. */
  readonly rows: ReadonlyMap<string, string>;
}

/** Answers that are remembered: of those who ask again, some hundred tables. */
const mostKept = 200;

/** Remembers what was sent, so that who asks again gets only what differs. */
export class TableAnswers {
  readonly #sent = new Map<string, SentPage>();
  readonly #origin = randomBytes(4).toString('hex');
  #count = 0;

  /**
   * Compares a page with what was answered to the same query before.
   * @returns its version, and which of its rows are new; all of them, as `known` false tells, where nothing is remembered.
   */
  note<Row>(
    query: string,
    since: string | undefined,
    page: readonly (readonly [string, Row])[],
  ): { readonly version: string; readonly isKnown: boolean; readonly rows: readonly Row[] } {
    const digests = new Map(page.map(([key, row]) => [key, digestOf(row)]));
    const before = since === undefined ? undefined : this.#sent.get(since);
    const isKnown = before?.query === query;
    const version = isKnown && isSame(before.rows, digests) ? String(since) : this.#next();
    // What was asked for last is forgotten last.
    this.#sent.delete(version);
    this.#sent.set(version, { query, rows: digests });
    for (const [oldest] of this.#sent) {
      if (this.#sent.size <= mostKept) break;
      this.#sent.delete(oldest);
    }
    const rows = page.filter(([key]) => !isKnown || before.rows.get(key) !== digests.get(key)).map(([, row]) => row);
    return { version, isKnown, rows };
  }

  #next(): string {
    return `${this.#origin}-${++this.#count}`;
  }
}

function digestOf(row: unknown): string {
  return createHash('sha1').update(JSON.stringify(row)).digest('base64').slice(0, 16);
}

/** Whether both have the same rows in the same order. */
function isSame(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  if (one.size !== other.size) return false;
  const [keys, others] = [[...one], [...other]];
  return keys.every(([key, digest], index) => others[index][0] === key && others[index][1] === digest);
}
