import type { CellResult, Speed } from '#core/api/cell-answers.ts';
import { formatBytes } from '#core/bytes.ts';
import { countWords } from '#core/count-words.ts';
import { formatDuration } from '#core/duration.ts';
import { writeInstant } from '#core/time/range.ts';

/** What came of a cell, in lines for a person. */
export function cellLines(result: CellResult): readonly string[] {
  switch (result.step) {
    case 'data': {
      const { report, boundaries, fingerprint } = result;
      return [
        `${count(report.bars, 'bar')} of ${formatDuration(result.baseStep)}, ${writeInstant(report.first)} to ${writeInstant(report.last)}`,
        `validation from ${writeInstant(boundaries.validationFrom)}, test from ${writeInstant(boundaries.testFrom)}`,
        `sha256 ${fingerprint}`,
        ...report.notes,
      ];
    }
    case 'features':
      return [
        `${count(result.names.length, 'column')} over ${count(result.bars, 'bar')}, warm-up ${count(result.warmup, 'bar')}`,
        result.names.join(', '),
        ...result.notes,
      ];
    case 'targets': {
      const { splits, unlabelled, purged, embargoed, balance } = result.labels;
      const rows = (['train', 'validation', 'test'] as const).map((name) => `${name} ${whole(splits[name].rows)}`);
      return [
        `rows with a label: ${rows.join(', ')}`,
        `without one ${whole(unlabelled)}, purged ${whole(purged)}, embargoed ${whole(embargoed)}`,
        ...Object.entries(balance).map(
          ([task, { train, validation }]) =>
            `${task}: up ${percent(train)} in train, ${percent(validation)} in validation`,
        ),
      ];
    }
    case 'model': {
      const { parameters, inputs, samples, bytes, why, speed, note, eta } = result;
      const { train, validation, test } = samples.samples;
      return [
        `${count(parameters, 'parameter')} for ${count(inputs, 'column')}, ${formatBytes(bytes)} estimated`,
        `samples: ${whole(train)} train, ${whole(validation)} validation, ${whole(test)} test`,
        why,
        ...(speed === null ? [] : speedLines(speed)),
        ...(note === null
          ? []
          : [speed === null ? `${note}; it was never measured here` : `as measured on ${day(speed.at)}: ${note}`]),
        ...(eta === null
          ? []
          : [
              `${count(eta.epochs, 'epoch')} of ${count(eta.steps / eta.epochs, 'step')}: about ${formatDuration(1000 * eta.seconds)} at most`,
            ]),
      ];
    }
    case 'loss': {
      const terms = result.terms.map(
        ({ task, kind, weight, start, zero, share }) =>
          `${task}: ${kind} ${digits(start)} at the start, ${digits(zero)} of a forecast of nothing; weight ${weight}, ${percent(share)} of the whole`,
      );
      const { start, zero } = result.total;
      return [...terms, `whole: ${digits(start)} at the start, ${digits(zero)} of a forecast of nothing`];
    }
  }
}

function speedLines({ engine, device, samplesPerSecond, stepMs, scoredPerSecond, steps, memory }: Speed): string[] {
  return [
    `${engine} (${device}): ${whole(samplesPerSecond)} samples/s in training, ${formatDuration(stepMs)} a step, over ${count(steps, 'step')}`,
    `${whole(scoredPerSecond)} samples/s in scoring${memory === null ? '' : `; ${formatBytes(memory.peak)} at most`}`,
  ];
}

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

function whole(value: number): string {
  return number.format(value);
}

function count(value: number, noun: string): string {
  return countWords(value, noun, { write: whole });
}

function day(iso: string): string {
  return `${date.format(new Date(iso))} UTC`;
}

function digits(value: number | null): string {
  return value === null ? '–' : value.toPrecision(4);
}

function percent(share: number | null): string {
  return share === null ? '–' : `${(100 * share).toFixed(1)} %`;
}
