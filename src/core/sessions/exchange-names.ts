/** Exchanges whose calendar is known, by ISO 10383 market identifier code. */
export const exchangeNames = ['XNYS'] as const;
