import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { startTestSidecar } from '#tests/support/sidecar.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

const redocly = join(dirname(createRequire(import.meta.url).resolve('@redocly/cli/package.json')), 'bin', 'cli.js');

interface Description {
  readonly paths: Record<string, Record<string, { readonly operationId: string; readonly parameters?: unknown[] }>>;
  readonly components: { readonly schemas: Record<string, unknown>; readonly securitySchemes: object };
}

test('the description of the API has nothing that a linter objects to', async () => {
  const sidecar = await startTestSidecar('quick');
  const path = join(temporaryFolder(), 'openapi.json');
  writeFileSync(path, await (await fetch(`${sidecar.url}/openapi.json`)).text());
  const linted = spawnSync(process.execPath, [redocly, 'lint', path, '--format=stylish'], {
    encoding: 'utf8',
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  });
  expect(linted.stdout + linted.stderr).toMatch(/Your API description is valid/);
  expect(linted.stdout + linted.stderr).not.toMatch(/warning/i);
  expect(linted.status).toBe(0);
});

test('it names what it speaks of, and tells each operation from the others', async () => {
  const sidecar = await startTestSidecar('quick');
  const { body } = await sidecar.json<Description>('/openapi.json');
  const names = [
    'Problem',
    'RunSummary',
    'RunDetail',
    'RunCreated',
    'RunList',
    'CreateRunRequest',
    'RunEvent',
    'SealedResult',
    'OpenedTest',
  ];
  expect(Object.keys(body.components.schemas)).toEqual(expect.arrayContaining(names));
  const operations = Object.values(body.paths).flatMap((methods) => Object.values(methods));
  const ids = operations.map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(JSON.stringify(body.paths['/runs']['post'])).toContain('Idempotency-Key');
  expect(JSON.stringify(body.paths['/runs/{id}/stream']['get'])).toContain('#/components/schemas/DeliveredEvent');
  expect(JSON.stringify(body.paths['/runs/{id}/stream']['get'])).toContain('Last-Event-ID');
  expect(JSON.stringify(body.paths)).not.toContain('"success"');
});
