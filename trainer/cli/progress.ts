import type { RunView } from '#core/run/reduce.ts';
import { fromEventNumber } from '#core/run/event.ts';

const width = 24;

/** One line that says how far a run is: `epoch 3/30 ███████░░░ 24 %  11,400/s  0:12 left  val.loss 0.412  val.da 0.531`. */
export function progressLine(view: RunView): string {
  const { progress, metrics, status } = view;
  if (progress === null) return status;
  const share = progress.steps > 0 ? Math.min(1, progress.step / progress.steps) : 0;
  const shown = ['train.loss', 'val.loss', 'val.da'].flatMap((name) => {
    const value = metrics.latest[name];
    return value === undefined ? [] : [`${name} ${fromEventNumber(value).toPrecision(4)}`];
  });
  return [
    `${status === 'running' ? '' : `${status}  `}epoch ${progress.epoch}/${progress.epochs}`,
    progressBar(share),
    `${Math.round(fromEventNumber(progress.samplesPerSecond)).toLocaleString('en')}/s`,
    `${formatSeconds(fromEventNumber(progress.etaSeconds))} left`,
    ...shown,
  ].join('  ');
}

/** A share from 0 to 1: `███████░░░ 70 %`. */
export function progressBar(share: number): string {
  const full = Math.round(share * width);
  return `${'█'.repeat(full)}${'░'.repeat(width - full)} ${Math.floor(share * 100)} %`;
}

/** `0:09`, `12:40`, `3:05:00`; `?` for what is not a time. */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '?';
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
