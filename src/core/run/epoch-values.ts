import { z } from 'zod';
import { type EventOf, eventNumber } from './event.ts';

const epochValues = z.object({
  step: z.int(),
  attempt: z.int(),
  values: z.record(z.string(), eventNumber),
});

/** Metrics of the ends of the last epochs, an entry an attempt and step, ordered by both. */
export const epochValuesSchema = z.array(epochValues).readonly();
type EpochValues = z.infer<typeof epochValuesSchema>;

/** Where a checkpoint was taken. */
interface Place {
  readonly step: number;
  readonly attempt: number;
}

/** Epochs to hold: while a checkpoint is being saved training goes on for one, and saving may lag by another. */
const held = 4;

/**
 * The values with those of one more metric event, where it is one of an epoch's end; else the list as it was. Of older
 * epochs those of `best`, the place of the selected checkpoint, stay.
 */
export function noteEpochValues(list: EpochValues, event: EventOf<'metric'>, best: Place | null): EpochValues {
  const { step, attempt, values } = event;
  if (!Number.isInteger(event.epoch)) return list;
  const known = list.find((entry) => entry.step === step && entry.attempt === attempt);
  const entry = { step, attempt, values: { ...known?.values, ...values } };
  const next = [...list.filter((other) => other !== known), entry].sort(
    (a, b) => a.attempt - b.attempt || a.step - b.step,
  );
  return next.filter((other, at) => at >= next.length - held || other.step === best?.step);
}

/** Values of a checkpoint's own step. Of a step that several attempts took, the newest up to the checkpoint's counts. */
export function epochValuesAt(list: EpochValues, { step, attempt }: Place): EpochValues[number]['values'] {
  return Object.assign({}, ...list.filter((entry) => entry.step === step && entry.attempt <= attempt).map(valuesOf));
}

function valuesOf({ values }: EpochValues[number]): EpochValues[number]['values'] {
  return values;
}
