import { expect, onTestFinished, test } from 'vitest';
import { KillStorm, targets } from '#tests/support/kill-storm.ts';

const kills = 100;

// Process tables are read from /proc here.
test.skipIf(process.platform !== 'linux')(
  `${kills} kills of starter, page, sidecar and trainer lose, double and reorder nothing, and leave results as they were`,
  { timeout: 3_600_000 },
  async () => {
    const seed = Number(process.env['ALMANAC_TEST_SEED'] ?? Date.now() % 1_000_000);
    console.info(`kills are drawn with ALMANAC_TEST_SEED=${seed}`);
    const storm = new KillStorm({ seed, every: 500 });
    onTestFinished(() => storm.abandon());
    await storm.open();
    await storm.rage(kills);
    const report = await storm.close();
    console.info(JSON.stringify(report));
    expect(report.faults).toEqual([]);
    expect(report.events).toBeGreaterThan(kills);
    for (const target of targets) expect(report.kills[target], target).toBeGreaterThan(kills / 20);
  },
);
