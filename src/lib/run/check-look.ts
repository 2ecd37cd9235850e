import { levelOf, type ResultCheck } from '#core/run/result.ts';

const looks = {
  ok: { icon: 'check', tone: 'good' },
  warn: { icon: 'alert', tone: 'warn' },
  none: { icon: 'minus', tone: 'plain' },
} as const;

/** How a finding looks: green only for what was shown, a plain sign for what was not. */
export function checkLook(check: ResultCheck) {
  return looks[levelOf(check)];
}
