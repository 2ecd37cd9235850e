import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunDetail, RunSummary } from '#core/run/summary.ts';
import { writeCheckpoint } from '#trainer/ml/checkpoint/write.ts';
import { startTestSidecar, temporaryHome } from '#tests/support/sidecar.ts';

/** What lies in place of a file. Root may read and write whatever its modes say, so read-only says nothing there. */
const kinds: Record<string, (path: string) => void> = {
  garbage: (path) => writeFileSync(path, Buffer.from([0xff, 0xfe, 0x00, 0x7b, 0x22, 0x80, 0x0a])),
  empty: (path) => writeFileSync(path, ''),
  missing: () => undefined,
  'a folder': (path) => mkdirSync(path),
  'a FIFO': (path) => void spawnSync('mkfifo', [path]),
  ...(process.getuid?.() === 0 ? {} : { 'not readable': (path) => (writeFileSync(path, 'x'), chmodSync(path, 0)) }),
};

/** Every file of a run and of a home but the log and the index, which have tests of their own. */
const ofRun = [
  ...['run.json', 'config.yaml', 'notebook.md', 'overrides.yaml', 'control.json', 'data.json', 'environment.json'],
  ...[
    'checkpoints/best/manifest.json',
    'checkpoints/best/weights.bin',
    'checkpoints/best/state.json',
    'checkpoints/best',
  ],
  ...['checkpoints', 'predictions.csv', 'predictions-test.csv', 'metrics.csv', 'trainer.log', 'attempt-1.lock'],
];
const ofHome = ['engines.json', 'workspace.json', 'almanac.lock', 'almanac.address.json', '.bin'];

/** No answer takes as long: only what hangs does. */
const patience = 60_000;

test.each(Object.keys(kinds))(
  '%s in place of any file of a run or of the home: it starts, lists, shows, downloads, resumes and makes runs, or refuses in words',
  async (kind) => {
    const home = temporaryHome();
    const first = await startTestSidecar('scored', home);
    const make = async (): Promise<string> => {
      const { id } = (await first.post<{ id: string }>('/runs', {})).body;
      await first.until(id, ({ status }) => status === 'completed');
      return id;
    };
    const [whole, template] = [await make(), await make()];
    const files = { 'weights.bin': Buffer.alloc(64), 'state.json': Buffer.from('{}') };
    const head = { format: 'layers-model', step: 1, epoch: 1 } as const;
    await writeCheckpoint(join(first.runs, template, 'checkpoints'), 'best', files, head);
    for (const name of ['data.json', 'environment.json']) writeFileSync(join(first.runs, template, name), '{}');
    writeFileSync(join(first.runs, template, 'metrics.csv'), 'step,epoch,attempt,metric,value\n');
    await expect.poll(() => first.workspace.supervisor.active(), { timeout: patience }).toEqual([]);
    await first.close();

    // A run for each file, of which that file is not what it should be: all in one home, as one must not hide another.
    const broken = ofRun.map((path, k) => ({ path, id: `01sabotage${String(k).padStart(12, '0')}` }));
    for (const { path, id } of broken) {
      const folder = join(first.runs, id);
      cpSync(join(first.runs, template), folder, { recursive: true });
      for (const name of ['run.json']) {
        const record = JSON.parse(String(spawnSync('cat', [join(folder, name)]).stdout)) as object;
        writeFileSync(join(folder, name), JSON.stringify({ ...record, id, number: 100 + ofRun.indexOf(path) }));
      }
      rmSync(join(folder, path), { recursive: true, force: true });
      kinds[kind](join(folder, path));
    }
    for (const name of ofHome) {
      rmSync(join(first.runs, name), { recursive: true, force: true });
      kinds[kind](join(first.runs, name));
    }
    kinds[kind](join(home, 'notebooks', 'bad.md'));

    const second = await startTestSidecar('scored', home);
    await second.workspace.ready;
    const { runs } = (await second.json<{ runs: RunSummary[] }>('/runs?limit=100')).body;
    const listed = new Set(runs.map(({ id }) => id));
    expect(listed.has(whole)).toBe(true);
    for (const { path, id } of broken) {
      // What cannot be shown is told, and what is shown is as its log says.
      if (!listed.has(id)) {
        expect(second.warnings.join('\n'), `${path} hides its run without a word`).toContain(id);
        continue;
      }
      const shown = await second.json<RunDetail>(`/runs/${id}`);
      expect([path, shown.status, shown.body.status]).toEqual([path, 200, 'completed']);
      const answers = await Promise.all(
        [
          ...['artifacts', 'logs', 'logs/printed', 'metrics', 'events', `artifacts/${path}`],
          ...['artifacts/checkpoints/best?archive=zip', 'artifacts/predictions.csv?split=validation'],
        ].map(async (what) => {
          const answer = await fetch(`${second.url}/runs/${id}/${what}`, { signal: AbortSignal.timeout(patience) });
          await answer.arrayBuffer();
          return [path, what, answer.status] as const;
        }),
      );
      expect(answers.filter(([, , status]) => status >= 500)).toEqual([]);
      for (const body of [{}, { from: { checkpoint: 'best' } }]) {
        const forked = await second.post(`/runs/${id}/fork`, body);
        expect([path, forked.status < 500]).toEqual([path, true]);
      }
      expect((await second.post(`/runs/${id}/resume`)).status).toBe(409);
      expect((await second.json(`/runs/${id}`, { method: 'DELETE' })).status).toBeLessThan(500);
    }
    for (const path of ['/runs/bin', '/health', '/engines', `/runs/scores?ids=${whole},${whole}`]) {
      expect([path, (await second.json(path)).status < 500]).toEqual([path, true]);
    }
    const patched = await second.json<{ error?: { message: string } }>(`/runs/${whole}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'new' }),
    });
    // What people said is not known of a damaged record, and nothing is written over it.
    expect(patched.status).toBe(kind === 'missing' ? 200 : 409);
    expect((await second.json('/runs/bin', { method: 'DELETE' })).status).toBeLessThan(500);
    const notebook = await second.post('/runs', { notebook: 'bad' });
    expect([404, 422]).toContain(notebook.status);
    const made = await second.post<{ id: string }>('/runs', {});
    expect(made.status).toBe(201);
    await second.until(made.body.id, ({ status }) => status === 'completed');
    expect(existsSync(join(second.runs, whole, 'events.jsonl'))).toBe(true);
    expect(readdirSync(second.runs).filter((name) => /^\.01.*tmp$/.test(name))).toEqual([]);
  },
  300_000,
);
