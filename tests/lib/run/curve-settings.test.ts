import { expect, it } from 'vitest';
import { CurveSettings } from '#lib/run/curve-settings.svelte.ts';

function memory(kept: string | null = null) {
  let value = kept;
  return { getItem: () => value, setItem: (_: string, next: string) => void (value = next) };
}

it('is what was chosen last, in whatever run', () => {
  const storage = memory();
  const first = new CurveSettings(storage);
  expect([first.axis, first.smoothing, first.weight]).toEqual(['epoch', 'light', 0.6]);
  first.axis = 'time';
  first.smoothing = 'none';
  const next = new CurveSettings(storage);
  expect([next.axis, next.smoothing, next.weight]).toEqual(['time', 'none', 0]);
});

it('begins anew where what is kept says nothing, and works without a storage', () => {
  for (const kept of ['{', 'null', '{"axis": "bars", "smoothing": 3}']) {
    expect(new CurveSettings(memory(kept)).axis).toBe('epoch');
  }
  const forbidden = new CurveSettings(null);
  forbidden.axis = 'step';
  expect(forbidden.axis).toBe('step');
});
