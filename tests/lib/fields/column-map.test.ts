import { describe, expect, it } from 'vitest';
import { assignRole, missingParts, rolesOf } from '#lib/fields/column-map.ts';

const guess = { time: 'Date', open: 'O', high: 'H', low: 'L', close: 'C', volume: 'V' };

describe('the roles of columns', () => {
  it('are those guessed, but where the notebook says otherwise', () => {
    expect(Object.fromEntries(rolesOf({}, guess))).toEqual({
      ...{ Date: 'time', O: 'open', H: 'high', L: 'low', C: 'close', V: 'volume' },
    });
    // A guessed column that the notebook uses for something else has that use alone.
    const roles = rolesOf({ close: 'O', time: ['Date', 'V'] }, guess);
    expect(Object.fromEntries(roles)).toEqual({ Date: 'time', V: 'clock', O: 'close', H: 'high', L: 'low' });
    expect(missingParts(roles)).toEqual([]);
    expect(missingParts(rolesOf({ volume: 'C' }, { close: 'C' }))).toEqual(['time', 'close']);
  });
});

describe('giving a column a role', () => {
  it('writes that key, and takes the column from the key that had it', () => {
    expect(assignRole({}, {}, 'Wann', 'time')).toEqual({ time: 'Wann' });
    expect(assignRole({ time: 'Wann' }, {}, 'D', 'close')).toEqual({ time: 'Wann', close: 'D' });
    expect(assignRole({ close: 'D', open: 'A' }, {}, 'D', 'open')).toEqual({ open: 'D' });
    expect(assignRole({ close: 'D' }, {}, 'E', 'close')).toEqual({ close: 'E' });
  });
  it('takes it away, down to nothing written', () => {
    expect(assignRole({ close: 'D', open: 'A' }, {}, 'D', null)).toEqual({ open: 'A' });
    expect(assignRole({ close: 'D' }, {}, 'D', null)).toBeUndefined();
  });
  it('makes a clock of a date’s time of day, written or guessed', () => {
    expect(assignRole({}, guess, 'V', 'clock')).toEqual({ time: ['Date', 'V'] });
    expect(assignRole({ time: 'D' }, {}, 'T', 'clock')).toEqual({ time: ['D', 'T'] });
    expect(assignRole({ time: ['D', 'T'] }, {}, 'E', 'time')).toEqual({ time: ['E', 'T'] });
    expect(assignRole({ time: ['D', 'T'] }, {}, 'D', null)).toEqual({ time: 'T' });
    expect(assignRole({}, {}, 'T', 'clock')).toEqual({ time: 'T' });
  });
});
