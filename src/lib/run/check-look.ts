import type { ResultCheck } from '#core/run/result.ts';

/** How a finding looks: green only for what was shown, a plain sign for what was not. */
export function checkLook({ ok, level }: ResultCheck) {
  switch (level ?? (ok ? 'ok' : 'warn')) {
    case 'ok':
      return { icon: 'check', tone: 'good' } as const;
    case 'warn':
      return { icon: 'alert', tone: 'warn' } as const;
    default:
      return { icon: 'minus', tone: 'plain' } as const;
  }
}
