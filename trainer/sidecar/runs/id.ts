import { randomBytes } from 'node:crypto';

// Crockford's base 32 in lower case: digits sort before letters, so ids sort by time.
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const timeLength = 10;
const randomLength = 12;

/**
 * Makes run ids: 10 characters of time in ms, then 12 random ones. Ids of one maker ascend, also within one
 * millisecond and when the clock steps back.
 */
export function createIdMaker(
  now: () => number = Date.now,
  random: (bytes: number) => Uint8Array = randomBytes,
): () => string {
  let lastTime = 0;
  let lastRandom: number[] = [];
  return () => {
    const time = now();
    if (time > lastTime) {
      lastTime = time;
      lastRandom = Array.from(random(randomLength), (byte) => byte & 31);
    } else {
      lastRandom = increment(lastRandom);
    }
    let head = '';
    let rest = lastTime;
    for (let i = 0; i < timeLength; i++) {
      head = alphabet[rest % 32] + head;
      rest = Math.floor(rest / 32);
    }
    return head + lastRandom.map((digit) => alphabet[digit]).join('');
  };
}

function increment(digits: readonly number[]): number[] {
  const next = [...digits];
  for (let i = next.length - 1; i >= 0; i--) {
    if (next[i] < 31) {
      next[i]++;
      return next;
    }
    next[i] = 0;
  }
  return next;
}
