import { describe, expect, it } from 'vitest';
import { encodeBars } from '#core/bars/bars-buffer.ts';
import { sampleMarket } from '#core/bars/sample-market.ts';
import { compileConfig } from '#core/config/compile.ts';
import type { Config } from '#core/config/config.ts';
import type { Fetch } from '#lib/api/request.ts';
import { cellsOfTrouble, DatasetPreview } from '#lib/document/preview.svelte.ts';
import { answerPreview } from '#lib/worker/preview.ts';

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
      return Response.json({ report: {}, step: hour, rows: 3000, fingerprint: 'f', files: [], key: 'k' });
    }
    asked.bars++;
    return new Response(encodeBars(market));
  };
  return { asked, fetcher };
}

/** The worker's own function, on this thread. */
function previewer() {
  return {
    preview: async (url: string, step: number, of: Config) => {
      expect(url).toBe('/api/data/bars/k');
      return answerPreview(encodeBars(market).buffer, step, of);
    },
    dispose: () => {},
  };
}

async function settled(preview: DatasetPreview) {
  await expect.poll(() => preview.busy || (!preview.dataset && !preview.trouble)).toBe(false);
}

describe('cells that a trouble concerns', () => {
  it('are the data as well where too little of it is left for what another asks', () => {
    const trouble = { code: 'split_too_small', message: 'x', path: 'model.lookback' };
    expect(cellsOfTrouble(trouble)).toEqual(['model', 'data']);
    expect(cellsOfTrouble({ ...trouble, path: 'data.split.test' })).toEqual(['data']);
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
        return Response.json({ report: {}, step: hour, rows: 3000, fingerprint: 'f', files: [], key: 'k' });
      }
      const issues = [{ path: 'features.columns.none', message: 'x' }];
      const error = { code: 'invalid_config', message: 'no such column', issues };
      return Response.json({ error }, { status: 422 });
    };
    const worker = {
      preview: async (_url: string, step: number, of: Config) =>
        answerPreview(encodeBars({ ...market, extra: { oi: market.volume } }).buffer, step, of),
      dispose: () => {},
    };
    const found = new DatasetPreview(bodies, () => worker);
    found.follow(config(['features.columns={oi: {transform: log}}']));
    await settled(found);
    expect(found.dataset?.names).toContain('column.oi_log');
    expect(found.bars?.extra['oi']).toEqual(market.volume);
    found.follow(config(['features.columns={none: {}}']));
    await expect.poll(() => found.trouble).toMatchObject({ path: 'features.columns.none' });
    expect(found.bars?.time.length).toBe(3000);
    expect(asked).toEqual([['oi'], ['none'], []]);
    found.dispose();
  });

  it('shows what the trainer will see, and reads the data once for many configurations', async () => {
    const { asked, fetcher } = sidecar();
    const preview = new DatasetPreview(fetcher, previewer);
    preview.follow(config());
    await settled(preview);
    const before = preview.dataset?.report.samples.train ?? 0;
    expect(before).toBeGreaterThan(1000);
    expect(preview.timeframes).toEqual(['1h', '4h']);
    preview.follow(config(['model.lookback=256']));
    await expect.poll(() => preview.dataset?.report.samples.train).toBeLessThan(before);
    expect(asked).toEqual({ inspect: 1, bars: 1 });
    preview.dispose();
  });

  it('counts parameters for the columns that are there', async () => {
    const preview = new DatasetPreview(sidecar().fetcher, previewer);
    const guess = preview.estimate(config()).parameters;
    preview.follow(config());
    await settled(preview);
    expect(preview.estimate(config()).parameters).toBe(guess);
    expect(preview.estimate(config(['model.lookback=128'])).parameters).toBeGreaterThan(guess);
    preview.dispose();
  });

  it('says what is wrong, and at which key', async () => {
    const preview = new DatasetPreview(sidecar(true).fetcher, previewer);
    preview.follow(config());
    await settled(preview);
    expect(preview.trouble).toEqual({ code: 'data_not_found', message: 'no such file', path: 'data.source' });
    const small = new DatasetPreview(sidecar().fetcher, previewer);
    small.follow(config(['model.lookback=2000']));
    await settled(small);
    expect(small.dataset).toBeNull();
    expect(small.trouble?.message).toMatch(/\d/);
    preview.dispose();
    small.dispose();
  });
});
