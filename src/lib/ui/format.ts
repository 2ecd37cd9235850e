/** How numbers, sizes, times and durations are written everywhere on the page. */
import { countWords } from '#core/count-words.ts';
import { signed } from '#core/signed.ts';

export { formatDuration } from '#core/duration.ts';

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const price = new Intl.NumberFormat('en', { maximumSignificantDigits: 7 });
const rounded = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/**
 * At most four significant digits: 0.4312, 12,350, 1.20e−5; a whole number is a count and keeps its own. Words for what is not finite; a dash for nothing.
 */
export function formatNumber(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  const number = Number(value);
  if (Number.isNaN(number)) return 'NaN';
  if (!Number.isFinite(number)) return number > 0 ? '∞' : '−∞';
  return digitsOf(number).replaceAll('-', '−');
}

function digitsOf(number: number): string {
  const size = Math.abs(number);
  if (size === 0) return '0';
  if (size >= 1000 && Number.isInteger(number)) return whole.format(number);
  if (size >= 100_000) return compact.format(number);
  if (size >= 1000) return rounded.format(number);
  if (size < 1e-3) return number.toExponential(2);
  const digits = number.toPrecision(4);
  // 0.5 is 0.5, but 1.00004 is 1.000: where digits were cut, the zeros say how many are known.
  return Number(digits) === number ? String(number) : digits;
}

/** Difference of two shares, with its sign: +0.0021, −0.0130, ±0 where nothing is left of it. */
export function formatDifference(value: number): string {
  return signed(value, (size) => size.toFixed(4));
}

/** A share of one in percent with one decimal, so that shares of one whole can be added: 91.8 %; < 0.1 % for what is not nothing. */
export function formatPercent(share: number): string {
  if (!Number.isFinite(share)) return '–';
  return share > 0 && share < 0.0005 ? '< 0.1 %' : `${(100 * share).toFixed(1)} %`;
}

/** A price: at four digits it would lose its point. */
export function formatPrice(value: number): string {
  return price.format(value);
}

/** 41.2k, 3.4M: for rates and counts in a small space. */
export function formatCompact(value: number): string {
  return Number.isFinite(value) ? compact.format(value).replace('K', 'k') : '–';
}

/** 1,234,567 */
export function formatCount(value: number): string {
  return whole.format(value);
}

/** A count with its noun: 1 bar, 1,234 bars; `many` where it takes more than an s. */
export function formatCounted(value: number, noun: string, many?: string): string {
  return countWords(value, noun, { many, write: formatCount });
}

/** Distance of a moment from now: "just now", "4 min ago", "yesterday" … */
export function formatAgo(iso: string, now: number): string {
  const ms = now - Date.parse(iso);
  if (!Number.isFinite(ms)) return '';
  if (ms < 45_000) return 'just now';
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.round(ms / 3_600_000);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.round(ms / 86_400_000);
  if (days === 1) return 'yesterday';
  if (days < 30) return `${days} days ago`;
  return iso.slice(0, 10);
}

/** A moment in UTC as 2022-10-19 04:00. */
export function formatTime(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? '–' : date.toISOString().slice(0, 16).replace('T', ' ');
}

/** A configuration value in one line, for banners and tables: strings bare, the rest as JSON. */
export function formatValue(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value);
  const text = JSON.stringify(value) ?? '';
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
