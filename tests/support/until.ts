import { setTimeout as sleep } from 'node:timers/promises';

/** Ms after which a condition will not come true any more: nothing but what hangs takes as long. */
const patience = 180_000;

/** Returns once the condition holds. Throws, in words of `what`, where it does not for minutes. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: () => string | Promise<string>,
  every = 50,
): Promise<void> {
  for (const end = performance.now() + patience; !(await condition()); await sleep(every)) {
    if (performance.now() > end) throw new Error(await what());
  }
}
