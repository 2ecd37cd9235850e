import type { Page } from 'playwright-core';

interface Probe {
  readonly longTasks: number[];
  readonly frames: number[];
}

/** From now on a page counts its tasks over 50 ms and times its frames; the returned function says in words what it found. */
export async function probeFrames(page: Page): Promise<() => Promise<string>> {
  await page.evaluate(() => {
    const probe: Probe = { longTasks: [], frames: [] };
    Object.assign(globalThis, { probe });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) probe.longTasks.push(entry.duration);
    }).observe({ type: 'longtask' });
    let last = performance.now();
    const frame = (now: number) => {
      probe.frames.push(now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  return async () => {
    const { longTasks, frames } = await page.evaluate(() => (globalThis as unknown as { probe: Probe }).probe);
    const mean = frames.reduce((sum, time) => sum + time, 0) / frames.length;
    const longest = longTasks.length > 0 ? ` (longest ${Math.max(...longTasks).toFixed(0)} ms)` : '';
    return `${longTasks.length} tasks over 50 ms${longest}, ${mean.toFixed(1)} ms a frame`;
  };
}
