/** Exchanges whose calendar is known, by ISO 10383 market identifier code. */
export const exchangeNames = ['XNYS'] as const;

/** Other names of an exchange, of its operators and vendors and of markets that keep the same sessions. */
export const exchangeAliases: ReadonlyMap<string, (typeof exchangeNames)[number]> = new Map(
  ['NYSE', 'XNAS', 'NASDAQ', 'ARCX', 'ARCA', 'XASE', 'AMEX', 'BATS', 'US'].map((name) => [name, 'XNYS']),
);
