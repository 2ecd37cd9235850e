import { damageWords } from '#core/run/damage-words.ts';
import { afterLookWords, dayOf } from '#core/run/envelope-words.ts';
import { fromEventNumber } from '#core/run/event.ts';
import type { RunDetail, RunSummary } from '#core/run/summary.ts';
import { formatSeconds } from './progress.ts';
import { sealLine } from './result-lines.ts';

/** A run in a few lines for a person. */
export function summaryLines(run: RunSummary & Pick<RunDetail, 'overrides'>): readonly string[] {
  const { progress, metrics, engine } = run;
  const changes = Object.entries(run.changed).map(([key, [old, now]]) => `${key} ${toText(old)} → ${toText(now)}`);
  const best = Object.entries(metrics.best).filter(([name]) => name.split('.').length === 2);
  const fields: readonly (readonly [string, string | null])[] = [
    ['id', run.id],
    ['notebook', run.notebook],
    ['parent', run.parent],
    ['status', run.reason === null ? run.status : `${run.status}: ${run.reason}`],
    ['stalled', stalledWords(run)],
    ['in the queue', run.queuePosition === null ? null : `place ${run.queuePosition}`],
    ['engine', engine && `${engine.name}, ${engine.device}`],
    ['attempt', run.attempt > 1 ? String(run.attempt) : null],
    ['created', run.createdAt.slice(0, 19).replace('T', ' ') + ' UTC'],
    ['took', took(run)],
    [
      'progress',
      progress && `epoch ${progress.epoch} of ${progress.epochs}, step ${progress.step} of ${progress.steps}`,
    ],
    ['its log', damageWords(run.damage)],
    ['test', testWords(run)],
    ['tags', run.tags.join(', ') || null],
    ['marked', [...(run.starred ? ['starred'] : []), ...(run.archived ? ['archived'] : [])].join(', ') || null],
    ['overrides', run.overrides.join('  ') || null],
    ['changed', changes.join('; ') || null],
  ];
  return [
    `R${run.number}  ${run.name}`,
    ...fields.flatMap(([what, text]) => (text === null ? [] : [`  ${what.padEnd(13)} ${text}`])),
    ...(run.conclusion === ''
      ? []
      : ['  learned', ...run.conclusion.split('\n').map((line) => `    ${line}`.trimEnd())]),
    ...(best.length === 0 ? [] : ['  at checkpoint best']),
    ...best.map(([name, value]) => `    ${name.padEnd(11)} ${fromEventNumber(value).toPrecision(5)}`),
    ...(run.test.state === 'sealed' ? [sealLine(run.number)] : []),
  ];
}

function testWords({ test: { state, openedAt, openedBy, afterLook } }: RunSummary): string | null {
  const opened = openedAt === null ? [] : [`opened ${dayOf(openedAt)}${openedBy === null ? '' : ` by ${openedBy}`}`];
  const words = [...(state === 'sealed' ? ['sealed'] : opened), ...(afterLook ? [afterLookWords] : [])];
  return words.length === 0 ? null : words.join('; ');
}

function stalledWords({ number, stalledSince }: RunSummary): string | null {
  if (stalledSince === null) return null;
  const since = stalledSince.slice(0, 19).replace('T', ' ');
  return `no word from its trainer since ${since} UTC; to end it: almanac cancel R${number}`;
}

function took({ startedAt, finishedAt }: RunSummary): string | null {
  if (startedAt === null || finishedAt === null) return null;
  return formatSeconds((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000);
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
