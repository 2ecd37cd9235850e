import type { FilterValue } from '#core/query/filter.ts';

type Sign = '<' | '<=' | '>' | '>=';

/** What a filter says, in words of its own that share nothing with the product's. */
export type Said =
  | { readonly say: 'all' | 'any'; readonly parts: readonly Said[] }
  | { readonly say: 'not'; readonly part: Said }
  | { readonly say: 'side'; readonly column: string; readonly sign: Sign; readonly value: number }
  | { readonly say: 'daySide'; readonly column: string; readonly sign: Sign; readonly value: string }
  | { readonly say: 'between'; readonly column: string; readonly low: number; readonly high: number; readonly isClosed: boolean } // prettier-ignore
  | { readonly say: 'number'; readonly column: string; readonly values: readonly number[] }
  | { readonly say: 'text'; readonly column: string; readonly values: readonly string[] }
  | { readonly say: 'part'; readonly column: string; readonly text: string }
  | { readonly say: 'missing'; readonly column: string }
  | { readonly say: 'truth'; readonly column: string; readonly value: boolean }
  | { readonly say: 'word'; readonly text: string };

type Run = Readonly<Record<string, FilterValue>>;

/** The naive evaluator: each condition as it is defined (HTTP.md), with nothing prepared. */
export function isTrueOf(said: Said, run: Run): boolean {
  const members = (column: string): readonly FilterValue[] => {
    const value = run[column] ?? null;
    return Array.isArray(value) ? (value as readonly string[]) : [value];
  };
  const texts = (column: string) =>
    members(column).flatMap((value) => (typeof value === 'string' ? [value.toLowerCase()] : []));
  switch (said.say) {
    case 'all':
      return said.parts.every((part) => isTrueOf(part, run));
    case 'any':
      return said.parts.some((part) => isTrueOf(part, run));
    case 'not':
      return !isTrueOf(said.part, run);
    case 'side': {
      const value = run[said.column];
      if (typeof value !== 'number') return false;
      return { '<': value < said.value, '<=': value <= said.value, '>': value > said.value, '>=': value >= said.value }[
        said.sign
      ];
    }
    case 'daySide': {
      // As text an ISO time begins with its day, its month and its year.
      const written = new Date(Number(run[said.column])).toISOString().slice(0, said.value.length);
      return {
        '<': written < said.value,
        '<=': written <= said.value,
        '>': written > said.value,
        '>=': written >= said.value,
      }[said.sign];
    }
    case 'between': {
      const value = run[said.column];
      if (typeof value !== 'number' || value < said.low) return false;
      return said.isClosed ? value <= said.high : value < said.high;
    }
    case 'number':
      return said.values.some((value) => run[said.column] === value);
    case 'text':
      return said.values.some((value) => texts(said.column).includes(value.toLowerCase()));
    case 'part':
      return texts(said.column).some((text) => text.includes(said.text.toLowerCase()));
    case 'missing':
      return members(said.column).every((value) => value === null);
    case 'truth':
      return run[said.column] === said.value;
    case 'word':
      return String(run['name']).toLowerCase().includes(said.text);
  }
}

/**
 * The text of a filter, written one of the ways there are.
 * @param style numbers that choose among them, taken in turn.
 */
export function toText(said: Said, style: readonly number[]): string {
  let at = 0;
  const choose = <Way>(...ways: readonly Way[]): Way => ways[(style[at++ % style.length] ?? 0) % ways.length];
  const gap = () => choose(' ', '  ', '\n');
  const quote = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
  const list = (values: readonly (string | number)[]) =>
    choose(`in (${values.join(',')})`, `IN ( ${values.join(' , ')} )`);
  const write = (one: Said, isInner: boolean): string => {
    switch (one.say) {
      case 'all':
      case 'any': {
        const word = one.say === 'all' ? choose('and', 'AND', '&&', '') : choose('or', 'Or', '||');
        const text = one.parts.map((part) => write(part, true)).join(`${gap()}${word}${gap()}`);
        return isInner ? `(${text})` : text;
      }
      case 'not':
        return `${choose('not ', 'NOT  ', '! ')}${write(one.part, true)}`;
      case 'side': {
        const turned = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' }[one.sign];
        return choose(`${one.column} ${one.sign} ${one.value}`, `${one.column}${one.sign}${one.value}`, `${one.value} ${turned} ${one.column}`); // prettier-ignore
      }
      case 'daySide':
        return `${one.column} ${one.sign} ${one.value}`;
      case 'between':
        return one.isClosed
          ? choose(`${one.column} in ${one.low}..${one.high}`, `${one.column} in (${one.low} .. ${one.high})`)
          : `${one.low} <= ${one.column} < ${one.high}`;
      case 'number': {
        const [first] = one.values;
        return one.values.length === 1 ? choose(`${one.column} = ${first}`, `${one.column}:${first}`) : `${one.column} ${list(one.values)}`; // prettier-ignore
      }
      case 'text': {
        const words = one.values.map(quote);
        return words.length === 1 ? choose(`${one.column} = ${words[0]}`, `${one.column} == ${words[0]}`) : `${one.column} ${list(words)}`; // prettier-ignore
      }
      case 'part':
        return choose(`${one.column} ~ ${quote(one.text)}`, `not ${one.column} !~ ${quote(one.text)}`);
      case 'missing':
        return choose(`${one.column} = none`, `${one.column} is none`, `not ${one.column} is not none`);
      case 'truth':
        return choose(`${one.column} = ${one.value}`, `${one.column} is ${one.value}`, `${one.column} != ${!one.value} and not ${one.column} = none`).replace(/^(data\S+) !=.*$/, `$1 = ${one.value}`); // prettier-ignore
      case 'word':
        return choose(quote(one.text), one.text === 'none' ? quote(one.text) : one.text);
    }
  };
  return write(said, false);
}
