/** Exchanges whose calendar is known, by ISO 10383 market identifier code. */
export const exchangeNames = ['XNYS'] as const;

/** Other names of an exchange: of its operators, of vendors, and of markets that keep the same sessions. */
const aliases: ReadonlyMap<string, (typeof exchangeNames)[number]> = new Map(
  'NYSE XNYS NASDAQ XNAS XNGS XNMS ARCA ARCX AMEX XASE BATS US USA NEWYORK NYSEARCA'
    .split(' ')
    .map((name) => [name, 'XNYS']),
);

/** The exchange that another name of it means: XNYS for `NYSE`, `Nasdaq` and `US`; undefined for every other text. */
export function exchangeMeant(name: string): (typeof exchangeNames)[number] | undefined {
  return aliases.get(name.toUpperCase().replace(/[^A-Z]/g, ''));
}
