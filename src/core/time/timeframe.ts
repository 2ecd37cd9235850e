const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
type Unit = keyof typeof units;

export const minute = units.m;
export const hour = units.h;
export const day = units.d;
export const week = units.w;

/** `15m` → 900000 ms. Units s, m, h, d, w; undefined where the text is no timeframe of 1 … 99999 units. */
export function parseTimeframe(text: string): number | undefined {
  const match = /^([1-9]\d{0,4})([smhdw])$/.exec(text);
  return match ? Number(match[1]) * units[match[2] as Unit] : undefined;
}

/** 900000 → `15m`: the largest unit that divides it; a remainder below a second is kept as a fraction (`0.5s`). */
export function formatTimeframe(ms: number): string {
  for (const unit of ['w', 'd', 'h', 'm'] as const) {
    if (ms >= units[unit] && ms % units[unit] === 0) return `${ms / units[unit]}${unit}`;
  }
  return `${ms / units.s}s`;
}
