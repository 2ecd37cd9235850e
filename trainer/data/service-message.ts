import { isList, isRecord } from './json-shape.ts';

/** Keys under which services say why they answer without a table. */
const keys = [
  'Error Message',
  'error_message',
  'errorMessage',
  'errmsg',
  'retMsg',
  'msg',
  'message',
  'Message',
  'description',
  'detail',
  'reason',
  'error',
  'errors',
  'Information',
  'Note',
];

/** What a service says in an answer without a table, shortened to 160 characters; null where it says nothing. */
export function serviceMessage(answer: unknown, depth = 0): string | null {
  if (depth > 4) return null;
  if (typeof answer === 'string') return clean(answer);
  if (isList(answer)) return answer.length > 0 ? serviceMessage(answer[0], depth + 1) : null;
  if (!isRecord(answer)) return null;
  for (const key of keys) {
    const said = Object.hasOwn(answer, key) ? serviceMessage(answer[key], depth + 1) : null;
    if (said !== null) return said;
  }
  for (const value of Object.values(answer)) {
    const said = isRecord(value) ? serviceMessage(value, depth + 1) : null;
    if (said !== null) return said;
  }
  return answer.s === 'no_data' ? 'no_data' : null;
}

function clean(text: string): string | null {
  const plain = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  if (plain === '') return null;
  return plain.length > 160 ? `${plain.slice(0, 160)}…` : plain;
}
