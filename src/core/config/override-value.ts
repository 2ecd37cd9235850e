import { maxDepth } from './document.ts';

/** Thrown inside the parser of one override and turned into a message by parseOverride. */
export class OverrideSyntaxError extends Error {}

const functions = /^(choice|range|interval|glob|sort|shuffle|tag|extend_list|int|float|str|bool|json_str)\s*\(/;
const sweeps = new Set(['choice', 'range', 'interval', 'glob', 'sort', 'shuffle', 'tag']);

/**
 * The value of an override in Hydra's grammar: null, true, false, numbers, bare or quoted text, [lists] and {maps}.
 * Throws OverrideSyntaxError; sweeps are named as such.
 */
export function parseOverrideValue(text: string): unknown {
  const reader = new Reader(text);
  reader.skipSpace();
  const value = reader.value('', 0);
  reader.skipSpace();
  if (reader.done) return value;
  if (reader.peek === ',') {
    throw new OverrideSyntaxError(
      `a comma makes a sweep of several runs, and sweeps are not available yet: give one value, or quote text that holds a comma, e.g. 'a,b'`,
    );
  }
  throw new OverrideSyntaxError(`expected the end after the value, received ${JSON.stringify(reader.rest)}`);
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  get peek(): string {
    return this.#text[this.#at] ?? '';
  }

  get rest(): string {
    return this.#text.slice(this.#at, this.#at + 20);
  }

  skipSpace(): void {
    while (this.peek === ' ' || this.peek === '\t') this.#at++;
  }

  value(ends: string, depth: number): unknown {
    if (depth > maxDepth) throw new OverrideSyntaxError(`expected at most ${maxDepth} levels of brackets`);
    this.skipSpace();
    if (this.peek === '[') return this.#list(depth);
    if (this.peek === '{') return this.#map(depth);
    if (this.peek === "'" || this.peek === '"') return this.#quoted();
    return this.#bare(ends);
  }

  #list(depth: number): unknown[] {
    const items: unknown[] = [];
    this.#at++;
    for (this.skipSpace(); this.peek !== ']'; this.skipSpace()) {
      items.push(this.value(',]', depth + 1));
      this.#separator(']');
    }
    this.#at++;
    return items;
  }

  #map(depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    this.#at++;
    for (this.skipSpace(); this.peek !== '}'; this.skipSpace()) {
      const key = this.peek === "'" || this.peek === '"' ? this.#quoted() : this.#until(':,}').trim();
      this.skipSpace();
      if (this.peek !== ':' || key === '') {
        throw new OverrideSyntaxError(`expected "key: value" inside { }, received ${JSON.stringify(key + this.rest)}`);
      }
      this.#at++;
      entries.push([key, this.value(',}', depth + 1)]);
      this.#separator('}');
    }
    this.#at++;
    return Object.fromEntries(entries);
  }

  #separator(close: string): void {
    this.skipSpace();
    if (this.peek === ',') this.#at++;
    else if (this.peek !== close) {
      throw new OverrideSyntaxError(
        `expected , or ${close}, received ${this.done ? 'the end' : JSON.stringify(this.rest)}`,
      );
    }
  }

  #quoted(): string {
    const quote = this.peek;
    let text = '';
    for (this.#at++; this.peek !== quote; this.#at++) {
      if (this.done) throw new OverrideSyntaxError(`expected a closing ${quote}, received the end`);
      const next = this.#text[this.#at + 1];
      if (this.peek === '\\' && (next === quote || next === '\\')) this.#at++;
      text += this.peek;
    }
    this.#at++;
    return text;
  }

  #until(ends: string): string {
    const start = this.#at;
    while (!this.done && !ends.includes(this.peek)) this.#at += this.peek === '\\' ? 2 : 1;
    return this.#text.slice(start, this.#at);
  }

  #bare(ends: string): unknown {
    const named = functions.exec(this.#text.slice(this.#at))?.[1];
    if (named) {
      throw new OverrideSyntaxError(
        sweeps.has(named)
          ? `${named}(…) makes a sweep of several runs, and sweeps are not available yet: give one value`
          : `${named}(…) is not supported: write the value itself, text in quotes`,
      );
    }
    const text = this.#until(ends === '' ? ',' : ends).trim();
    if (text.includes('${')) throw new OverrideSyntaxError('interpolations such as ${…} are not supported');
    return primitive(text);
  }
}

/** Bare text by Hydra's rules: `null`, `true`, `1_000`, `1e-3`, `nan`, else text with `\` taken from before marks. */
function primitive(text: string): unknown {
  const lower = text.toLowerCase();
  if (lower === 'null') return null;
  if (lower === 'true' || lower === 'false') return lower === 'true';
  if (/^[+-]?\d+(_\d+)*$/.test(text)) return Number(text.replaceAll('_', ''));
  if (/^[+-]?(\d+(_\d+)*\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text.replaceAll('_', ''));
  if (/^[+-]?(inf|nan)$/.test(lower)) return lower.endsWith('nan') ? NaN : lower.startsWith('-') ? -Infinity : Infinity;
  return text.replaceAll(/\\([\\()[\]{}:=, \t])/g, '$1');
}
