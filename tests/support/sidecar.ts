import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { RunDetail } from '#core/run/summary.ts';
import { readSettings } from '#trainer/settings/settings.ts';
import { createLocalLauncher } from '#trainer/sidecar/runs/launcher.ts';
import { startSidecar } from '#trainer/sidecar/main.ts';
import { until } from './until.ts';

const program = fileURLToPath(new URL('./scripted-trainer.ts', import.meta.url));

/** How a scripted trainer behaves; `real` is the real one. */
export type Script = 'real' | 'steady' | 'quick' | 'deaf' | 'crash' | 'lost' | 'losing' | 'scored' | 'failing';

type Sidecar = Awaited<ReturnType<typeof startSidecar>>;
type SidecarOptions = NonNullable<Parameters<typeof startSidecar>[1]>;

export interface TestSidecar extends Sidecar {
  readonly home: string;
  readonly runs: string;
  readonly warnings: readonly string[];
  json<Answer>(path: string, init?: RequestInit): Promise<{ readonly status: number; readonly body: Answer }>;
  post<Answer>(
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ readonly status: number; readonly body: Answer }>;
  /** Resolves with the run once the condition holds; fails where it does not for minutes. */
  until(id: string, condition: (run: RunDetail) => boolean): Promise<RunDetail>;
}

/** An empty home that goes, with all trainers it has left, when the test ends. */
export function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'almanac-home-'));
  // Empty but for a notebooks folder with something in it: the examples are not wanted here.
  mkdirSync(join(home, 'notebooks', 'none'), { recursive: true });
  onTestFinished(() => rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  return home;
}

/** A sidecar on a port of its own, closed when the test ends; its trainers are ended then as well. */
export async function startTestSidecar(
  script: Script,
  home: string = temporaryHome(),
  env: NodeJS.ProcessEnv = {},
  given: Partial<SidecarOptions> = {},
  { waits = true }: { readonly waits?: boolean } = {},
): Promise<TestSidecar> {
  const settings = readSettings({ ALMANAC_HOME: home, TRAINER_PORT: '0', ...env });
  const warnings: string[] = [];
  const variables = { SCRIPT: script, ...(env['PACE'] === undefined ? {} : { PACE: env['PACE'] }) };
  const scripted = script === 'real' ? {} : { launcher: createLocalLauncher(() => variables, { program }) };
  const options: SidecarOptions = {
    ...scripted,
    engines: {
      gpus: async () => [],
      probe: async (name) => {
        if (name === 'wasm') return { name, available: true, device: 'test', version: '0' };
        return { name, available: false, device: '', version: '', reason: `The ${name} engine does not work here.` };
      },
    },
    warn: (message, error) => warnings.push(`${message}: ${String(error)}`),
    ...given,
  };
  const sidecar = await startSidecar(settings, options);
  // What goes on behind the first answers is over, unless a test is about just that.
  if (waits) await sidecar.workspace.ready;
  let open = true;
  const close = async () => {
    if (!open) return;
    open = false;
    await sidecar.close();
  };
  onTestFinished(async () => {
    if (!open) return;
    const { supervisor } = sidecar.workspace;
    const asked = new Set<string>();
    await until(
      async () => {
        // Where one has ended, another that was queued begins.
        for (const id of supervisor.active()) {
          if (asked.has(id)) continue;
          asked.add(id);
          await supervisor.cancel(id).catch(() => undefined);
        }
        return supervisor.active().length === 0;
      },
      () => `trainers of ${supervisor.active().join(', ')} do not end`,
    );
    await close();
  });
  const json: TestSidecar['json'] = async (path, init) => {
    const response = await fetch(sidecar.url + path, init);
    return { status: response.status, body: (await response.json()) as never };
  };
  return {
    ...sidecar,
    close,
    home,
    runs: settings.runs,
    warnings,
    json,
    post: (path, body = {}, headers = {}) =>
      json(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    async until(id, condition) {
      let run!: RunDetail;
      await until(
        async () => condition((run = (await json<RunDetail>(`/runs/${id}`)).body)),
        () => `run ${id} is ${run.status} (${run.reason ?? ''}) and never became what was awaited`,
      );
      return run;
    },
  };
}
