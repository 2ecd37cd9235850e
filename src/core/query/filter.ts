/** What a run holds under a column: null where it has nothing there. */
export type FilterValue = number | string | boolean | readonly string[] | null;

/**
 * What is asked of one value. Numbers compare with numbers alone, times as ms UTC; texts are equal, or contained, in any
 * case; of a list one member has to fit.
 */
export type ValueTest =
  | { readonly is: 'missing' }
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'part'; readonly text: string }
  | { readonly is: 'truth'; readonly value: boolean }
  | { readonly is: 'notNumber' }
  /** Ends that are open are not in it. */
  | {
      readonly is: 'range';
      readonly low: number;
      readonly high: number;
      readonly isLowOpen: boolean;
      readonly isHighOpen: boolean;
    };

/**
 * A filter that was understood. It is true or false of a run, never unknown: what a run does not have fits no test but
 * `missing`, and `not` turns every answer round.
 */
export type Filter =
  | { readonly kind: 'all'; readonly parts: readonly Filter[] }
  | { readonly kind: 'any'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  /** One of the tests fits the value of a column. */
  | { readonly kind: 'test'; readonly column: string; readonly tests: readonly ValueTest[] }
  /** A word that some text of the run has. */
  | { readonly kind: 'word'; readonly text: string };
