import { describe, expect, it } from 'vitest';
import { splitTupleNames } from '#core/table/tuple-name.ts';

describe('the name of a column of two levels', () => {
  it.each([
    ["('Close', 'ACME')", 'Close', 'ACME'],
    ['("Adj Close", "BRK-B")', 'Adj Close', 'BRK-B'],
    ["('ACME', 'Close')", 'Close', 'ACME'],
    ["('Date', '')", 'Date', null],
    ["('', 'Date')", 'Date', null],
    ['Close', 'Close', null],
    ['Close (USD)', 'Close (USD)', null],
    ["('Close')", "('Close')", null],
  ])('%s', (text, name, instrument) => {
    expect(splitTupleNames([text])).toEqual({ names: [name], instruments: instrument === null ? null : [instrument] });
  });
});

describe('a header of joined names', () => {
  it.each(['_', '.', ' '])('is split at %j where open, high, low and close agree', (sign) => {
    const fields = ['Open', 'High', 'Low', 'Close', 'Volume'];
    const split = { names: ['Date', ...fields], instruments: [null, ...fields.map(() => 'ACME')] };
    expect(splitTupleNames(['Date', ...fields.map((field) => `${field}${sign}ACME`)])).toEqual(split);
    expect(splitTupleNames(['Date', ...fields.map((field) => `ACME${sign}${field}`)])).toEqual(split);
  });

  it('keeps names whose other half is no instrument', () => {
    for (const header of [
      ['open_time', 'open', 'high', 'low', 'close', 'close_time', 'quote_volume'],
      ['time', 'open_price', 'high_price', 'low_price', 'close_price', 'volume_MA'],
      ['time', 'bid_open', 'bid_high', 'bid_low', 'bid_close'],
      ['timestamp', '1. open', '2. high', '3. low', '4. close', '5. volume'],
      ['date', 'Open', 'High', 'Low', 'Close_ACME'],
      ['Date', 'Adj. Open', 'Adj. High', 'Adj. Low', 'Adj. Close'],
      ...['Adj.', 'Settle', 'ACME'].map((word) => [
        ...['Date', 'Open', 'High', 'Low', 'Close', 'Volume'],
        ...['Open', 'High', 'Low', 'Close', 'Volume'].map((field) => `${word} ${field}`),
      ]),
    ]) {
      expect(splitTupleNames(header)).toEqual({ names: header, instruments: null });
    }
  });

  it('tells two instruments apart', () => {
    const header = ['open', 'high', 'low', 'close'].flatMap((field) => [`${field}_AAA`, `${field}_BBB`]);
    expect(splitTupleNames(header).instruments).toEqual(header.map((name) => name.slice(-3)));
  });
});
