import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantsOf, openZone } from '#core/time/zone.ts';
import { AppError } from '#core/error.ts';

const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', '+05:45', 'EST'];

describe('zones', () => {
  it.each(zones)('%s: from instant to local clock and back', (name) => {
    const zone = openZone(name);
    const instants = fc.integer({ min: Date.UTC(1990, 0, 1) / 60_000, max: Date.UTC(2030, 0, 1) / 60_000 });
    fc.assert(
      fc.property(instants, (minutes) => {
        const instant = minutes * 60_000;
        expect(instantsOf(instant + zone.offsetAt(instant), zone)).toContain(instant);
      }),
      { numRuns: 300 },
    );
  });

  it('gives what Intl gives on every quarter hour of the days on which clocks change', () => {
    const zone = openZone('America/New_York');
    const hourOf = new Intl.DateTimeFormat('en-US', {
      timeZone: 'America/New_York',
      hour: 'numeric',
      minute: 'numeric',
      hourCycle: 'h23',
    });
    for (const day of [Date.UTC(2024, 2, 10), Date.UTC(2024, 10, 3)]) {
      for (let at = day; at < day + 86_400_000; at += 900_000) {
        const local = new Date(at + zone.offsetAt(at)).toISOString().slice(11, 16);
        expect(local).toBe(hourOf.format(at));
      }
    }
  });

  it('knows EST without summer time, as HistData writes it', () => {
    expect(openZone('EST').offsetAt(Date.UTC(2024, 6, 1))).toBe(-5 * 3_600_000);
  });

  it.each(['', 'Mars/Olympus', '+25:00', 'UTC; rm'])('refuses %j', (name) => {
    expect(() => openZone(name)).toThrow(AppError);
  });
});
