import { describe, expect, it } from 'vitest';
import { cleanBars } from '#core/bars/clean.ts';
import { findColumns } from '#core/quotes/columns.ts';
import { config, table } from '../bars/make-table.ts';
import { day, epoch, find, hourStamp, named, refusal, rows } from './named-columns.ts';

describe('columns by their names', () => {
  const headers: readonly (readonly [header: string, found: string])[] = [
    [',open,high,low,close,volume', '#1,open,high,low,close,volume'],
    ['Unnamed: 0,date,open,high,low,close,volume', 'date,open,high,low,close,volume'],
    ['index,date,open,high,low,close,volume', 'date,open,high,low,close,volume'],
    ['#,date,open,high,low,close,volume', 'date,open,high,low,close,volume'],
    ['id,timestamp,open,high,low,close,volume', 'timestamp,open,high,low,close,volume'],
    ['Time (UTC),Open,High,Low,Close,Volume', 'Time (UTC),Open,High,Low,Close,Volume'],
    ['Gmt time,Open,High,Low,Close,Volume', 'Gmt time,Open,High,Low,Close,Volume'],
    [
      'Date,Open (USD),High (USD),Low (USD),Close (USD),Volume (BTC)',
      'Date,Open (USD),High (USD),Low (USD),Close (USD),Volume (BTC)',
    ],
    [
      'Date,Open [USD],High [USD],Low [USD],Close [USD],Volume',
      'Date,Open [USD],High [USD],Low [USD],Close [USD],Volume',
    ],
    ['date,open_usd,high_usd,low_usd,close_usd,volume', 'date,open_usd,high_usd,low_usd,close_usd,volume'],
    ['timestamp,1. open,2. high,3. low,4. close,5. volume', 'timestamp,1. open,2. high,3. low,4. close,5. volume'],
    [
      'timestamp,1a. open (USD),2a. high (USD),3a. low (USD),4a. close (USD),5. volume',
      'timestamp,1a. open (USD),2a. high (USD),3a. low (USD),4a. close (USD),5. volume',
    ],
    ['<DATE>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<TICKVOL>', '<DATE>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<TICKVOL>'],
    ['Date,Close/Last,Volume,Open,High,Low', 'Date,Open,High,Low,Close/Last,Volume'],
    ['Date,Price,Open,High,Low,Vol.,Change %', 'Date,Open,High,Low,Price,Vol.'],
    ['time,bid_o,bid_h,bid_l,bid_c,ask_o,ask_h,ask_l,ask_c,volume', 'time,bid_o,bid_h,bid_l,bid_c,volume'],
    ['Date,BidOpen,BidHigh,BidLow,BidClose,AskOpen,AskHigh,AskLow,AskClose', 'Date,BidOpen,BidHigh,BidLow,BidClose,'],
    ['time,ask.o,ask.h,ask.l,ask.c,mid.o,mid.h,mid.l,mid.c,volume', 'time,mid.o,mid.h,mid.l,mid.c,volume'],
    [
      'date,AAPL.Open,AAPL.High,AAPL.Low,AAPL.Close,AAPL.Volume,AAPL.Adjusted',
      'date,AAPL.Open,AAPL.High,AAPL.Low,AAPL.Close,AAPL.Volume',
    ],
    [
      'Date,Open_AAPL,High_AAPL,Low_AAPL,Close_AAPL,Volume_AAPL',
      'Date,Open_AAPL,High_AAPL,Low_AAPL,Close_AAPL,Volume_AAPL',
    ],
    ['date,open_1h,high_1h,low_1h,close_1h,volume_1h', 'date,open_1h,high_1h,low_1h,close_1h,volume_1h'],
    ['candle_begin_time,open,high,low,close,volume', 'candle_begin_time,open,high,low,close,volume'],
    ['period_start,open,high,low,close,volume', 'period_start,open,high,low,close,volume'],
    ['mdt,open,high,low,close,volume', 'mdt,open,high,low,close,volume'],
    ['when,open,high,low,close,volume', 'when,open,high,low,close,volume'],
    ['Datum,Erster,Hoch,Tief,Schlusskurs,Stuecke,Volumen', 'Datum,Erster,Hoch,Tief,Schlusskurs,Stuecke'],
    ['Datum,Eröffnung,Hoch,Tief,Schluss,Stücke', 'Datum,Eröffnung,Hoch,Tief,Schluss,Stücke'],
    ['Datum,Zuletzt,Eröffn.,Hoch,Tief,Vol.,+/- %', 'Datum,Eröffn.,Hoch,Tief,Zuletzt,Vol.'],
    ['Date,Ouverture,Haut,Bas,Clôture,Volume', 'Date,Ouverture,Haut,Bas,Clôture,Volume'],
    ['Date,Dernier,Ouv.,Plus Haut,Plus Bas,Vol.,Variation %', 'Date,Ouv.,Plus Haut,Plus Bas,Dernier,Vol.'],
    ['Fecha,Último,Apertura,Máximo,Mínimo,Vol.,% var.', 'Fecha,Apertura,Máximo,Mínimo,Último,Vol.'],
    ['Data,Ultimo,Apertura,Massimo,Minimo,Vol.,Var. %', 'Data,Apertura,Massimo,Minimo,Ultimo,Vol.'],
    ['Data,Último,Abertura,Máxima,Mínima,Vol.,Var%', 'Data,Abertura,Máxima,Mínima,Último,Vol.'],
    ['Data,Otwarcie,Najwyzszy,Najnizszy,Zamkniecie,Wolumen', 'Data,Otwarcie,Najwyzszy,Najnizszy,Zamkniecie,Wolumen'],
    ['Tarih,Şimdi,Açılış,Yüksek,Düşük,Hac.,Fark %', 'Tarih,Açılış,Yüksek,Düşük,Şimdi,Hac.'],
    ['Дата,Цена,Откр.,Макс.,Мин.,Объём,Изм. %', 'Дата,Откр.,Макс.,Мин.,Цена,Объём'],
    ['日期,开盘,最高,最低,收盘,成交量', '日期,开盘,最高,最低,收盘,成交量'],
    ['日付け,終値,始値,高値,安値,出来高,変化率 %', '日付け,始値,高値,安値,終値,出来高'],
    ['날짜,종가,시가,고가,저가,거래량,변동 %', '날짜,시가,고가,저가,종가,거래량'],
    [
      'candle_date_time_utc,opening_price,high_price,low_price,trade_price,candle_acc_trade_price',
      'candle_date_time_utc,opening_price,high_price,low_price,trade_price,',
    ],
    ['observation_date,DEXUSEU', 'observation_date,DEXUSEU,DEXUSEU,DEXUSEU,DEXUSEU,'],
    ['date,value', 'date,value,value,value,value,'],
    ['date,nav,volume', 'date,nav,nav,nav,nav,volume'],
    ['Date,Close', 'Date,Close,Close,Close,Close,'],
  ];

  it.each(headers)('%s', (header, found) => {
    const [first, second] = header.split(',');
    const isCounter = ['Unnamed: 0', 'index', '#', 'id'].includes(first);
    const columns = find(header, isCounter ? { [first]: (row) => row, [second]: day } : { '#1': day, [first]: day });
    const { time, open, high, low, close, volume = '' } = columns.found;
    expect([time, open, high, low, close, volume].join(',')).toBe(found);
  });

  it('takes the open time of a Binance file, and of a CoinMarketCap one', () => {
    const binance = 'open_time,open,high,low,close,volume,close_time,quote_volume,count';
    expect(find(binance, { open_time: epoch, close_time: (row) => epoch(row) + 59_999 })).toMatchObject({
      found: { time: 'open_time', volume: 'volume' },
      closeLabelled: false,
      unused: ['close_time', 'quote_volume', 'count'],
    });
    const cmc = 'timeOpen,timeClose,timeHigh,name,open,high,low,close,volume,marketCap,timestamp';
    const iso = (row: number): string => `${day(row)}T00:00:00.000Z`;
    const late = (row: number): string => `${day(row)}T23:59:59.999Z`;
    expect(find(cmc, { timeOpen: iso, timeClose: late, timeHigh: iso, timestamp: late }).found).toMatchObject({
      time: 'timeOpen',
      close: 'close',
    });
  });

  it.each(['close_time', 'Close Time', 'timeClose', 'end_time'])('%s alone is the time of closes', (name) => {
    const closes = named(`${name},open,high,low,close`, { [name]: (row) => epoch(row) + 59_999 });
    const { bars, report } = cleanBars([closes], config());
    expect(report.columns.time).toBe(name);
    expect(bars.time[0]).toBe(epoch(0));
    expect(bars.step).toBe(60_000);
    expect(report.notes.join('\n')).toMatch(/the time at which bars close.*\n.*moved by 1 ms/);
  });

  it('reads times on the clock that the name of their column names', () => {
    const first = (header: string, timezone = 'UTC') =>
      cleanBars([named(header, { '#1': hourStamp })], config({ timezone })).report;
    const utc = Date.UTC(2024, 2, 4);
    expect(first('Time (EET),open,high,low,close').first).toBe(utc - 2 * 3_600_000);
    expect(first('Time (EET),open,high,low,close').notes[0]).toMatch(/times are those of EET/);
    expect(first('Gmt time,open,high,low,close', 'Europe/Berlin').first).toBe(utc);
    expect(first('datetime_utc,open,high,low,close', 'Europe/Berlin').first).toBe(utc);
    expect(first('candle_begin_time_GMT8,open,high,low,close').first).toBe(utc - 8 * 3_600_000);
    expect(first('Time (America/New_York),open,high,low,close').first).toBe(utc + 5 * 3_600_000);
    const doubtful = first('Time (IST),open,high,low,close');
    expect(doubtful.first).toBe(utc);
    expect(doubtful.notes[0]).toMatch(/says IST, which several zones are called: read in UTC/);
  });

  it('takes numbers for times where they can be nothing else', () => {
    const special = { turnover: (row: number) => 2_000_000_000 + row * row };
    expect(find('alpha,turnover,open,high,low,close', { ...special, alpha: epoch }).found.time).toBe('alpha');
    expect(refusal(() => find('alpha,turnover,open,high,low,close', special)).issues[0].path).toBe('data.columns.time');
  });

  it('joins a date and a clock, and takes a column that holds both alone', () => {
    const clock = (row: number): string => `${String(row).padStart(2, '0')}:00`;
    const date = (): string => '2024-03-04';
    expect(find('Datum,Uhrzeit,open,high,low,close', { Datum: date, Uhrzeit: clock }).found.time).toBe(
      'Datum + Uhrzeit',
    );
    expect(find('date,time,open,high,low,close', { date: hourStamp, time: clock }).found.time).toBe('date');
  });

  it('passes over a bar number named t where another column reads as times', () => {
    expect(find('t,date,o,h,l,c,v', { t: (row) => row, date: day }).found.time).toBe('date');
    expect(find('t,o,h,l,c,v', { t: (row) => row }).found.time).toBe('t');
  });
});

describe('volumes', () => {
  const volume = (header: string, special: Parameters<typeof named>[1] = {}) => {
    const { found, notes } = find(`time,${header},open,high,low,close`, { time: epoch, ...special });
    return [found.volume, notes.join('\n')];
  };

  it('prefers one counted in the instrument to one counted in money, and says so', () => {
    expect(volume('Volume USD,Volume XYZ')).toEqual([
      'Volume XYZ',
      'volume is "Volume XYZ", not "Volume USD": counted in the instrument, not in money',
    ]);
    expect(volume('Volume (Currency),Volume (BTC)')[0]).toBe('Volume (BTC)');
    expect(volume('volumeto,volumefrom')[0]).toBe('volumefrom');
    expect(volume('symbol,Volume USD,Volume EUR', { symbol: () => 'EUR/USD' })[0]).toBe('Volume EUR');
    expect(volume('Volume USDT')).toEqual([
      'Volume USDT',
      '"Volume USDT" is counted in money: no column counts the instrument itself',
    ]);
  });

  it('passes over a volume that is 0 throughout, and over means of it', () => {
    expect(volume('tick_volume,real_volume', { real_volume: () => 0 })).toEqual([
      'tick_volume',
      'volume is "tick_volume", not "real_volume": "real_volume" is 0 throughout',
    ]);
    expect(volume('tick_volume,real_volume')[0]).toBe('real_volume');
    expect(volume('Volume MA,Volume')[0]).toBe('Volume');
    expect(volume('Volume MA')[0]).toBeUndefined();
  });
});

describe('adjusted prices', () => {
  const times = { Date: day };

  it('are left beside unadjusted ones, which the report says', () => {
    const { found, notes, unused } = find('Date,Open,High,Low,Close*,Adj Close**,Volume', times);
    expect(found.close).toBe('Close*');
    expect(unused).toEqual(['Adj Close**']);
    expect(notes).toEqual([
      '"Close*" is used, not adjusted for dividends and splits; "Adj Close**" is not used (data.columns: {close: Adj Close**} takes it)',
    ]);
  });

  it.each([
    ...['Adjusted Close', 'adjusted_close', 'AdjustedClose', 'Adj. Close', 'closeadj', 'Close adjusted'],
    ...['Close (adj.)', 'Close (USD adjusted)', 'Price [split adjusted]'],
  ])('are known as %s', (name) => {
    const special = { Date: day, [name]: (row: number) => 50 + row / 2 };
    const plain = find(`Date,Open,High,Low,Close,${name}`, special, { columns: {} });
    expect(plain).toMatchObject({ close: 4, symbol: null });
    expect(plain.notes.join('\n')).toMatch('"Close" is used, not adjusted for dividends and splits');
    const taken = find(`Date,Open,High,Low,Close,${name}`, special, { columns: { close: name } });
    expect(taken).toMatchObject({ open: 1, close: 5, unadjustedClose: 4 });
    expect(find(`Date,${name}`, special)).toMatchObject({ close: 1, symbol: null });
  });

  it('adjust open, high and low too where they are chosen', () => {
    const { bars, report } = cleanBars(
      [named('Date,Open,High,Low,Close,Adj Close', times)],
      config({ columns: { close: 'Adj Close' } }),
    );
    expect(report).toMatchObject({ invalidRows: 0, bars: rows, columns: { open: 'Open', close: 'Adj Close' } });
    expect(bars.close[2]).toBe(51);
    expect(bars.open[2]).toBeCloseTo((102 * 51) / 102, 10);
    expect(report.notes.join('\n')).toMatch(/multiplied by "Adj Close" \/ "Close"/);
  });

  it('are used where there are no others', () => {
    expect(find('Date,Adj Close,Volume', times)).toMatchObject({ open: 1, close: 1, volume: 2 });
    expect(find('date,adjOpen,adjHigh,adjLow,adjClose', { date: day })).toMatchObject({
      open: 1,
      high: 2,
      low: 3,
      close: 4,
    });
    const mixed = find('Date,Open,High,Low,Adj Close', times);
    expect(mixed).toMatchObject({ open: 4, close: 4 });
    expect(mixed.notes.join('\n')).toMatch(/open, high and low are not adjusted/);
  });
});

describe('columns without a header, by what their values can be', () => {
  const bars = [
    [100, 101, 103, 98],
    [101, 99, 102, 97],
    [99, 104, 105, 98.5],
    [104, 103, 106, 102],
    [103, 107, 108, 101],
    [107, 106, 109, 105],
  ] as const;
  const place = { o: 0, c: 1, h: 2, l: 3 } as const;
  const order = (letters: string, descending = false) => {
    const all = bars.map((bar, row) =>
      [...letters].map((letter) => {
        if (letter === 't') return day(row);
        if (letter === 'v') return 5000 - row;
        if (letter === 'w') return bar[3] + 1;
        if (letter === 's') return 'XYZ';
        return bar[place[letter as keyof typeof place]];
      }),
    );
    return findColumns(table(descending ? all.toReversed() : all, null), config());
  };

  it.each(['tohlcv', 'tochlv', 'toclhv', 'tlhocv', 'thlocv', 'tvchlo', 'tclho', 'tohlcwv', 'stohlcv', 'tcohl'])(
    '%s in either direction of time',
    (letters) => {
      for (const descending of [false, true]) {
        const found = order(letters, descending);
        expect(found).toMatchObject({
          time: [letters.indexOf('t')],
          open: letters.indexOf('o'),
          high: letters.indexOf('h'),
          low: letters.indexOf('l'),
          close: letters.indexOf('c'),
        });
        expect(found.volume).toBe(letters.includes('v') ? letters.indexOf('v') : undefined);
      }
    },
  );

  it('takes the only column of numbers for the close', () => {
    expect(
      findColumns(
        table(
          [
            [day(0), 1],
            [day(1), 2],
          ],
          null,
        ),
        config(),
      ),
    ).toMatchObject({ time: [0], open: 1, close: 1 });
  });

  it('refuses what the values do not say, with the columns to name', () => {
    const ticks = table(
      [0, 1, 2, 3].map((row) => [epoch(row), 100 + row, 7 - row]),
      null,
    );
    const error = refusal(() => findColumns(ticks, config()));
    expect(error.message).toMatch(/no header, and 3 columns, #1 to #3.*data\.columns: \{time: "#1", close: …\}/);
    expect(error.issues).toEqual([{ path: 'data.columns.close', message: 'no column for close' }]);
    const chosen = findColumns(ticks, config({ columns: { close: '#2' } }));
    expect(chosen).toMatchObject({ time: [0], close: 1, open: 1 });
    const random = table(
      [0, 1, 2, 3].map((row) => [epoch(row), 9, 1 + row * 3, 7 - row, 5]),
      null,
    );
    expect(refusal(() => findColumns(random, config())).code).toBe('data_unreadable');
  });
});

it('lists what nothing was taken from, and says where it looks like prices', () => {
  const { unused, notes } = find('time,open,close,high,MA,', { time: epoch, '': () => '' });
  expect(unused).toEqual(['open', 'high', 'MA']);
  expect(notes.join('\n')).toMatch(/named like prices: "open", "high"/);
});
