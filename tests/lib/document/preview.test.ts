import { describe, expect, it } from 'vitest';
import type { Bars } from '#core/bars/bars.ts';
import { encodeBars } from '#core/bars/bars-buffer.ts';
import { sampleMarket } from '#core/bars/sample-market.ts';
import { compileConfig } from '#core/config/compile.ts';
import { type Config, groups } from '#core/config/config.ts';
import type { Fetch } from '#lib/api/request.ts';
import { cellsOfTrouble, obstacleOf, type Output } from '#lib/document/output.ts';
import { DatasetPreview } from '#lib/document/preview.svelte.ts';
import { answerGlance } from '#lib/worker/glance.ts';
import { answerPreview, answerRemedies, type PreviewCells } from '#lib/worker/preview.ts';
import type { ServedBars } from '#lib/worker/preview.worker.ts';

const hour = 3_600_000;
const market = sampleMarket({ seed: 1, bars: 3000, step: hour });

function config(overrides: readonly string[] = []): Config {
  const { config: complete, issues } = compileConfig({ overrides });
  if (!complete) throw new Error(JSON.stringify(issues));
  return complete;
}

/** The sidecar's side of an inspection, with real bars; counts what it was asked. */
function sidecar(refuse = false) {
  const asked = { inspect: 0, bars: 0 };
  const fetcher: Fetch = async (path) => {
    if (path.endsWith('/inspect')) {
      asked.inspect++;
      if (refuse) {
        const error = {
          code: 'data_not_found',
          message: 'no such file',
          issues: [{ path: 'data.source', message: 'x' }],
        };
        return Response.json({ error }, { status: 422 });
      }
      return Response.json({ report: { segments: 1 }, step: hour, rows: 3000, fingerprint: 'f', files: [], key: 'k' });
    }
    asked.bars++;
    return new Response(encodeBars(market));
  };
  return { asked, fetcher };
}

/** The worker's own functions, on this thread. */
function previewer(bars: Bars = market) {
  const served = (names: readonly string[]) =>
    encodeBars({ ...bars, extra: Object.fromEntries(names.map((name) => [name, bars.extra[name]])) }).buffer;
  return {
    preview: async ({ url, ...of }: ServedBars, cells: PreviewCells) => {
      expect(url).toBe('/api/data/bars/k');
      return answerPreview(served(of.names), of, cells);
    },
    glance: async ({ names, ...of }: ServedBars, cells: PreviewCells) =>
      answerGlance(served(names), { names, ...of }, cells),
    remedies: async (of: ServedBars, cells: PreviewCells) => answerRemedies(served(of.names), of, cells),
    dispose: () => {},
  };
}

function valueOf<Value>(output: Output<Value>): Value | null {
  return output.state === 'computed' ? output.value : null;
}

async function settled(preview: DatasetPreview) {
  await expect.poll(() => preview.busy || preview.samples.state === 'computing').toBe(false);
}

describe('cells that a trouble concerns', () => {
  it('are the data as well where too little of it is left for what another asks', () => {
    const trouble = { code: 'split_too_small', message: 'x', path: 'model.lookback' };
    expect(cellsOfTrouble(trouble)).toEqual(['model', 'data']);
    const short = { ...trouble, path: 'data.split.test' };
    expect(cellsOfTrouble(short)).toEqual(['data']);
    expect(cellsOfTrouble(short, [{ path: ['features', 'timeframes', '1d'] }])).toEqual(['data', 'features']);
    expect(cellsOfTrouble(short, [{ path: ['data', 'gaps', 'policy'] }])).toEqual(['data']);
    expect(cellsOfTrouble({ ...trouble, code: 'invalid_config', path: 'features.columns.x' })).toEqual(['features']);
  });
});

describe('DatasetPreview', () => {
  it('asks for the columns that features read, and keeps the bars where the file has no such column', async () => {
    const asked: string[][] = [];
    const bodies: Fetch = async (path, init) => {
      if (!path.endsWith('/inspect')) {
        const extra = Object.fromEntries((asked.at(-1) ?? []).map((name) => [name, market.volume]));
        return new Response(encodeBars({ ...market, extra }));
      }
      const { columns } = JSON.parse(String(init?.body)) as { columns: string[] };
      asked.push(columns);
      if (!columns.includes('none')) {
        return Response.json({
          report: { segments: 1 },
          step: hour,
          rows: 3000,
          fingerprint: 'f',
          files: [],
          key: 'k',
        });
      }
      const issues = [{ path: 'features.columns.none', message: 'x' }];
      const error = { code: 'invalid_config', message: 'no such column', issues };
      return Response.json({ error }, { status: 422 });
    };
    const found = new DatasetPreview(bodies, () => previewer({ ...market, extra: { oi: market.volume } }));
    found.follow(config(['features.columns={oi: {transform: log}}']));
    await settled(found);
    expect(valueOf(found.columns)?.names).toContain('column.oi_log');
    expect(valueOf(found.source)?.bars.extra['oi']).toEqual(market.volume);
    found.follow(config(['features.columns={none: {}}']));
    await expect.poll(() => found.trouble).toMatchObject({ path: 'features.columns.none' });
    expect(valueOf(found.source)?.bars.time.length).toBe(3000);
    // What needs no feature is there.
    expect(found.columns).toEqual({ state: 'missing', cell: 'features', why: 'has a problem' });
    await expect.poll(() => found.labels.state).toBe('computed');
    expect(asked).toEqual([['oi'], ['none'], []]);
    found.dispose();
  });

  it('shows what the trainer will see, and reads the data once for many configurations', async () => {
    const { asked, fetcher } = sidecar();
    const preview = new DatasetPreview(fetcher, previewer);
    preview.follow(config());
    await settled(preview);
    const before = valueOf(preview.samples)?.report.samples.train ?? 0;
    expect(before).toBeGreaterThan(1000);
    expect(preview.timeframes).toEqual(['1h', '4h']);
    preview.follow(config(['model.lookback=256']));
    await expect.poll(() => valueOf(preview.samples)?.report.samples.train).toBeLessThan(before);
    expect(asked).toEqual({ inspect: 1, bars: 1 });
    preview.dispose();
  });

  it('says what is wrong, and at which key', async () => {
    const preview = new DatasetPreview(sidecar(true).fetcher, previewer);
    preview.follow(config());
    await settled(preview);
    expect(preview.trouble).toEqual({
      code: 'data_not_found',
      message: 'no such file',
      path: 'data.source',
      of: 'bars',
      isOld: false,
    });
    for (const output of [preview.source, preview.columns, preview.labels, preview.samples]) {
      expect(output).toEqual({ state: 'missing', cell: 'data', why: 'could not be read' });
    }
    const small = new DatasetPreview(sidecar().fetcher, previewer);
    small.follow(config(['model.lookback=2000']));
    await settled(small);
    expect(small.samples).toEqual({ state: 'missing', cell: 'data', why: 'leaves a split too small' });
    expect(small.trouble?.message).toMatch(/\d/);
    expect([small.columns.state, small.labels.state]).toEqual(['computed', 'computed']);
    preview.dispose();
    small.dispose();
  });

  it('works out what needs no cell with a problem, and nothing in the place of the rest', async () => {
    const broken = {
      data: ['data.split.train=0.1', ['missing', 'missing', 'missing', 'missing']],
      features: ['features.scaler=none', ['computed', 'missing', 'computed', 'missing']],
      targets: ['targets.horizon=0', ['computed', 'computed', 'missing', 'missing']],
      model: ['model.lookback=-5', ['computed', 'computed', 'computed', 'missing']],
      loss: ['loss.weights={ret: -1}', ['computed', 'computed', 'computed', 'computed']],
      train: ['train.epochs=-1', ['computed', 'computed', 'computed', 'computed']],
    } as const;
    const preview = new DatasetPreview(sidecar().fetcher, previewer);
    preview.follow(config());
    await settled(preview);
    for (const group of groups) {
      const [override, states] = broken[group];
      preview.follow(compileConfig({ overrides: [override] }).groups);
      const outputs = () => [preview.source, preview.columns, preview.labels, preview.samples];
      await expect.poll(() => [group, outputs().map(({ state }) => state)]).toEqual([group, states]);
      for (const output of outputs()) {
        if (output.state === 'missing') expect(output).toEqual({ state: 'missing', cell: group, why: 'has a problem' });
      }
      expect(preview.trouble).toBeNull();
    }
    preview.dispose();
  });

  it('shows what older cells came to as on its way, and keeps what the change does not concern', async () => {
    const preview = new DatasetPreview(sidecar().fetcher, previewer);
    preview.follow(config());
    await settled(preview);
    const before = valueOf(preview.samples);
    preview.follow(config(['model.lookback=128']));
    expect(preview.samples).toEqual({ state: 'computing', last: before });
    expect([preview.columns.state, preview.labels.state]).toEqual(['computed', 'computed']);
    preview.follow(config(['data.source=other.csv']));
    expect([preview.source.state, preview.columns.state, preview.labels.state]).toEqual(Array(3).fill('computing'));
    preview.dispose();
  });

  it('draws feature values before scaling, of rows before the test alone', async () => {
    const preview = new DatasetPreview(sidecar().fetcher, previewer);
    preview.follow(config());
    await settled(preview);
    const columns = valueOf(preview.columns);
    const testFrom = valueOf(preview.samples)?.report.splitAt.testFrom ?? 0;
    expect(columns?.time.at(-1)).toBe(testFrom - hour);
    expect(columns?.rows).toBe(2550);
    const rsi = columns?.names.indexOf('1h.rsi_14') ?? -1;
    const { edges = [], missing } = columns?.histograms[rsi] ?? {};
    expect(edges[0]).toBeGreaterThan(1);
    expect(edges.at(-1)).toBeGreaterThan(50);
    expect(missing).toBe(columns?.columns[rsi].filter((value) => Number.isNaN(value)).length);
    preview.dispose();
  });

  it('shows the newest rows before the test at once, and all of them when they have been worked out', async () => {
    const long = sampleMarket({ seed: 1, bars: 9000, step: hour });
    let finish = () => {};
    const worked = new Promise<void>((resolve) => (finish = resolve));
    const { preview: whole, ...rest } = previewer(long);
    const slow: typeof whole = async (of, cells) => {
      const answer = await whole(of, cells);
      await worked;
      return answer;
    };
    const inspected: Fetch = async (path) =>
      path.endsWith('/inspect')
        ? Response.json({
            report: { segments: 1, bars: 9000 },
            step: hour,
            rows: 9000,
            fingerprint: 'f',
            files: [],
            key: 'k',
          })
        : new Response(encodeBars(long));
    const preview = new DatasetPreview(inspected, () => ({ preview: slow, ...rest }));
    preview.follow(config());
    await expect.poll(() => preview.columns.state).toBe('computed');
    const glance = valueOf(preview.columns);
    expect([glance?.rows, glance?.of, glance?.time.length]).toEqual([3000, 7650, 3000]);
    expect([preview.labels.state, preview.samples.state]).toEqual(['computed', 'computing']);
    finish();
    await expect.poll(() => valueOf(preview.columns)?.rows).toBe(7650);
    const all = valueOf(preview.columns);
    expect(all?.time).toEqual(glance?.time);
    // By the same code, after the same warm-up: the values are those of all rows.
    for (const [c, values] of (glance?.columns ?? []).entries()) {
      for (let row = 0; row < 3000; row += 250) expect(values[row]).toBeCloseTo(all?.columns[c][row] ?? NaN, 1);
    }
    preview.dispose();
  });

  it('leaves all rows to the cells where they took long, and says so', async () => {
    let now = 0;
    const { preview: whole, ...rest } = previewer();
    const slow: typeof whole = (of, cells) => {
      now += 15_000;
      return whole(of, cells);
    };
    const preview = new DatasetPreview(
      sidecar().fetcher,
      () => ({ preview: slow, ...rest }),
      () => now,
    );
    preview.follow(config());
    await settled(preview);
    expect([preview.samples.state, now]).toEqual(['computed', 15_000]);
    preview.follow(config(['model.lookback=32', 'targets.horizon=24']));
    await expect
      .poll(() => preview.samples)
      .toEqual({
        state: 'missing',
        cell: 'model',
        why: 'waits for Ctrl+Enter: counting took 15 s',
      });
    // What is shown at once still is.
    expect([preview.labels.state, preview.columns.state, now]).toEqual(['computed', 'computed', 15_000]);
    preview.dispose();
  });

  it('finds the boundaries of shares and instants in the bars that it has', async () => {
    const { asked, fetcher } = sidecar();
    const preview = new DatasetPreview(fetcher, previewer);
    expect(preview.boundaries).toBeNull();
    preview.follow(config());
    await settled(preview);
    const { time } = market;
    expect(preview.boundaries).toEqual({ validationFrom: time[2100], testFrom: time[2550], until: null });
    preview.follow(config(['data.split={validation_from: 2018-03-01, test_from: 2018-04-01}']));
    await expect.poll(() => preview.boundaries?.testFrom).toBe(Date.UTC(2018, 3, 1));
    expect(asked.inspect).toBe(1);
    preview.dispose();
  });

  it('finds them anew for another data cell alone, whatever is written in the others', async () => {
    const preview = new DatasetPreview(sidecar().fetcher, previewer);
    preview.follow(config());
    await settled(preview);
    const { boundaries } = preview;
    for (const override of ['train.epochs=3', 'model.lookback=32', 'features.scaler=none']) {
      preview.follow(compileConfig({ overrides: [override] }).groups);
      expect(preview.boundaries).toBe(boundaries);
    }
    preview.follow(config(['data.split.embargo=3']));
    expect(preview.boundaries).not.toBe(boundaries);
    expect(preview.boundaries).toEqual(boundaries);
    preview.dispose();
  });

  it('takes the boundaries of a source from the sidecar where it has only its newest bars', async () => {
    const asked: number[] = [];
    /** Of 10,000 hours that end with the market. */
    const timeAt = (row: number) => market.time[0] + (row - 7000) * hour;
    const inspected: Fetch = async (path, init) => {
      if (!path.endsWith('/inspect')) return new Response(encodeBars(market));
      const { train, validation } = JSON.parse(String(init?.body)).data.split;
      asked.push(train);
      const at = (share: number) => timeAt(Math.round(10_000 * share));
      const boundaries = { validationFrom: at(train), testFrom: at(train + validation), until: null };
      const report = { segments: 1, bars: 10_000 };
      return Response.json({ report, boundaries, step: hour, rows: 3000, fingerprint: 'f', files: [], key: 'k' });
    };
    const preview = new DatasetPreview(inspected, previewer);
    preview.follow(config(['data.split={train: 0.8, validation: 0.1, test: 0.1}']));
    await settled(preview);
    expect(preview.newest).toBe(3000);
    expect(preview.boundaries).toEqual({ validationFrom: timeAt(8000), testFrom: timeAt(9000), until: null });
    expect(valueOf(preview.samples)?.report.splitAt).toEqual(preview.boundaries);
    expect(valueOf(preview.columns)?.rows).toBe(2000);

    // Validation begins before the newest bars: they are counted by shares of their own, without those of the test.
    preview.follow(config(['data.split={train: 0.6, validation: 0.25, test: 0.15}']));
    await expect.poll(() => preview.boundaries?.validationFrom).toBe(timeAt(6000));
    await settled(preview);
    const { report } = valueOf(preview.samples) ?? {};
    expect(report?.notes.join()).toContain('validation begins before the newest bars');
    expect(report?.splitAt.until).toBe(timeAt(8500));
    // 0.6 of the 1,500 before the test, without warm-up, window and purge.
    expect(report?.samples.train).toBe(900 - 415 - 63 - 12);
    expect(valueOf(preview.columns)?.rows).toBe(1500);
    expect(asked).toEqual([0.8, 0.6]);

    // The test begins before them as well: that they cannot be counted says nothing of a run, which takes all bars.
    preview.follow(config(['data.split={train: 0.5, validation: 0.1, test: 0.4}']));
    await expect.poll(() => preview.boundaries?.testFrom).toBe(timeAt(6000));
    await settled(preview);
    const why =
      'has more bars than the preview holds: the newest 3,000, which are all of the test split; a run takes them all';
    const missing = { state: 'missing', cell: 'data', why };
    expect([preview.columns, preview.labels, preview.samples]).toEqual([missing, missing, missing]);
    expect([preview.trouble, preview.remedies]).toEqual([null, []]);

    // Only some bars lie before it.
    preview.follow(config(['data.split={train: 0.6, validation: 0.105, test: 0.295}']));
    await expect.poll(() => preview.boundaries?.testFrom).toBe(timeAt(7050));
    await settled(preview);
    expect(preview.samples).toEqual({
      ...missing,
      why: why.replace('are all of the test split', 'have too few before the test'),
    });
    expect([preview.columns.state, preview.trouble]).toEqual(['computed', null]);
    preview.dispose();
  });

  it('tries what keeps more rows where many are lost, and says it of these cells alone', async () => {
    const segment = market.segment.map((_, i) => Math.floor(i / 600));
    const preview = new DatasetPreview(sidecar().fetcher, () => previewer({ ...market, segment }));
    preview.follow(config());
    await settled(preview);
    await expect.poll(() => preview.remedies.map(({ words }) => words)).toContain('data.gaps.policy: ignore');
    preview.follow(config(['model.lookback=32']));
    expect(preview.remedies).toEqual([]);
    preview.dispose();
  });
});

describe('a cell that another waits for', () => {
  const trouble = { code: 'data_unreadable', message: 'x', path: 'data.source', isOld: false, of: 'bars' } as const;
  it('is the one with a problem, else the one whose data could not be read', () => {
    expect(obstacleOf('model', ['features'], trouble)).toEqual({ cell: 'features', why: 'has a problem' });
    expect(obstacleOf('targets', [], trouble)).toEqual({ cell: 'data', why: 'could not be read' });
    expect(obstacleOf('data', [], trouble)).toBeNull();
  });
  it('is nobody’s but the run’s where columns and labels leave too few samples', () => {
    const short = { ...trouble, code: 'split_too_small', path: 'model.lookback', of: 'samples' } as const;
    expect(obstacleOf('features', [], short)).toBeNull();
    expect(obstacleOf('train', [], short)).toEqual({ cell: 'model', why: 'leaves a split too small' });
  });
});
