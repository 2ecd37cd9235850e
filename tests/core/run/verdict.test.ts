import { describe, expect, it } from 'vitest';
import { emptyRunView, type RunView } from '#core/run/reduce.ts';
import { verdictOf } from '#core/run/verdict.ts';

const checks = (leak: 'ok' | 'warn', direction: 'ok' | 'none', spread: 'ok' | 'warn' = 'ok') =>
  Object.entries({ leak, direction, spread }).map(([code, level]) => ({
    code,
    level,
    name: code,
    ok: level === 'ok',
    message: '',
  }));

function finished(result: Partial<RunView['results'][string]>, rest: Partial<RunView> = {}): RunView {
  const validation = {
    metrics: { da: 0.532, da_low: 0.496, da_high: 0.568, sd_ratio: 0.2 },
    baselines: { majority: { da: 0.505 } },
    checks: checks('ok', 'none'),
    ...result,
  };
  const progress = { epoch: 7, epochs: 10, step: 70, steps: 100, samplesPerSecond: 1, etaSeconds: 0 };
  const best = { name: 'best', step: 20, epoch: 2, metric: 'val.loss', value: 0.69, bytes: 1, sha256: '', at: '' };
  return {
    ...emptyRunView(),
    status: 'completed',
    reason: 'early stopping: val.loss has not improved for 5 epochs (best at epoch 2)',
    progress,
    checkpoints: { best },
    results: { validation },
    ...rest,
  };
}

describe('the verdict', () => {
  it('is one sentence on how training went and what it has shown', () => {
    expect(verdictOf(finished({}))).toEqual({
      state: 'not_shown',
      word: 'not shown better',
      lead: expect.objectContaining({ code: 'direction' }),
      sentence:
        'stopped early at 7 of 10 · best epoch 2 · validation DA 0.532 (0.496 to 0.568) against 0.505: not shown better',
    });
  });

  it('says all epochs, or where it was stopped', () => {
    expect(verdictOf(finished({}, { reason: 'all 10 epochs' }))?.sentence).toMatch(/^all 10 epochs · best epoch 2 · /);
    const cancelled = finished({}, { status: 'cancelled', reason: 'stopped at step 70 of 100', checkpoints: {} });
    expect(verdictOf(cancelled)?.sentence).toMatch(/^stopped at 7 of 10 · validation DA/);
  });

  it('holds a coin against it where the majority went the other way', () => {
    expect(verdictOf(finished({ baselines: { majority: { da: 0.47 } } }))?.sentence).toContain('against 0.500');
  });

  it.each([
    ['leak', 'leak', checks('warn', 'ok')],
    ['better', 'direction', checks('ok', 'ok', 'warn')],
    ['mean', 'spread', checks('ok', 'none', 'warn')],
  ])('is %s and rests on the check of %s', (state, code, found) => {
    const metrics = { da: 0.6, da_low: 0.59, da_high: 0.61, sd_ratio: 0.01 };
    const verdict = verdictOf(finished({ checks: found, metrics }));
    expect([verdict?.state, verdict?.lead?.code]).toEqual([state, code]);
  });

  it('does not call it the mean where forecasts vary far more than the target', () => {
    const metrics = { da: 0.5, da_low: 0.49, da_high: 0.51, sd_ratio: 33.6 };
    expect(verdictOf(finished({ checks: checks('ok', 'none', 'warn'), metrics }))?.state).toBe('not_shown');
  });

  it('goes by RMSE where no forecast has a side', () => {
    const zero = { code: 'zero', level: 'none' as const, name: '', ok: false, message: '' };
    const view = finished({
      metrics: { da: 'NaN', rmse: 0.0123 },
      baselines: { zero: { rmse: 0.0122 } },
      checks: [zero],
    });
    expect(verdictOf(view)?.sentence).toMatch(
      /validation RMSE 0\.01230 against 0\.01220 of no return: not shown better$/,
    );
  });

  it('is not given before there is a result, and not of results whose checks were no tests', () => {
    expect(verdictOf(finished({}, { results: {} }))).toBeNull();
    expect(verdictOf(finished({ checks: [{ name: 'beats majority', ok: true, message: '' }] }))).toBeNull();
  });
});
