export const variants = ['base', 'medium', 'large'] as const;

/** How large a network is: a variant sets widths and depths, never the lookback. */
export type Variant = (typeof variants)[number];
