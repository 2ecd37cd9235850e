import type { Issue } from '#core/error.ts';

/** An issue on one line: "line 4: train.epochs: expected …". */
export function issueLine({ path, message, line }: Issue): string {
  const place = line === undefined ? '' : `line ${line}: `;
  return place + (path === '' || message.startsWith(path) ? '' : `${path}: `) + message;
}
