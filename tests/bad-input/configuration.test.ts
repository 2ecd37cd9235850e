import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { almanac } from '#tests/support/almanac.ts';
import {
  type Expected,
  expectRefused,
  expectStillWorks,
  expectTerminal,
  runFolders,
} from '#tests/support/bad-input.ts';
import { sample } from '#tests/support/scale.ts';
import { startTestSidecar } from '#tests/support/sidecar.ts';

const cell = (group: string, text: string) => `# A question\n\n\`\`\`yaml ${group}\n${text}\n\`\`\`\n`;

interface Case extends Expected {
  /** Written as a notebook, as the `config` of a request, or as overrides: wherever a person may have put it. */
  readonly source?: string;
  readonly config?: object;
  readonly overrides?: readonly string[];
  readonly status?: number;
}

const cases: Readonly<Record<string, Case>> = {
  'an unknown key in a cell': {
    source: cell('train', 'epocs: 3'),
    code: 'invalid_config',
    path: 'train.epocs',
    says: ['train.epocs', 'unknown key "epocs"', 'did you mean train.epochs?'],
  },
  'an unknown indicator in a cell': {
    source: cell('features', 'timeframes: {1h: {rsy: {}}}'),
    code: 'invalid_config',
    path: 'features.timeframes.1h.rsy',
    says: ['unknown key "rsy"', 'did you mean features.timeframes.1h.rsi?'],
  },
  'an unknown key in config': {
    config: { modle: { lookback: 8 } },
    code: 'invalid_config',
    path: 'modle',
    says: ['unknown key "modle"', 'did you mean model?'],
  },
  'an unknown key in an override': {
    overrides: ['train.epocs=3'],
    code: 'invalid_override',
    path: 'overrides[0]',
    says: ['train.epocs=3', 'did you mean train.epochs?'],
  },
  'a value out of range': {
    source: cell('train', 'epochs: 0'),
    code: 'invalid_config',
    path: 'train.epochs',
    says: ['train.epochs', 'expected a whole number from 1 to 10,000', 'received 0'],
  },
  'a value out of range in an override': {
    overrides: ['model.dropout=1.5'],
    code: 'invalid_config',
    path: 'model.dropout',
    says: ['model.dropout', 'expected a number from 0 to 0.9', 'received 1.5'],
  },
  'text in place of a number': {
    overrides: ['train.epochs=many'],
    code: 'invalid_config',
    path: 'train.epochs',
    says: ['expected a whole number', 'received "many"'],
  },
  'an unknown architecture': {
    overrides: ['model.architecture=transformer'],
    code: 'invalid_config',
    path: 'model.architecture',
    says: ['model.architecture', 'expected one of mlp, tcn, gru', 'received "transformer"'],
  },
  'an unknown engine': {
    overrides: ['train.engine=cuda'],
    code: 'invalid_config',
    path: 'train.engine',
    says: ['train.engine', 'expected one of auto, native, webgpu, wasm', 'received "cuda"'],
  },
  'a sweep by commas': {
    overrides: ['train.seed=1,2,3'],
    code: 'invalid_override',
    path: 'overrides[0]',
    says: ['train.seed=1,2,3', 'sweeps are not available yet', 'give one value'],
  },
  'a sweep by choice': {
    overrides: ['train.optimizer.learning_rate=choice(1e-3,3e-4)'],
    code: 'invalid_override',
    path: 'overrides[0]',
    says: ['choice(…)', 'sweeps are not available yet', 'give one value'],
  },
  'a sweep by range': {
    overrides: ['train.seed=range(1,10)'],
    code: 'invalid_override',
    path: 'overrides[0]',
    says: ['range(…)', 'sweeps are not available yet', 'give one value'],
  },
  'a notebook whose YAML is broken': {
    source: cell('model', 'architecture: [mlp'),
    code: 'invalid_notebook',
    path: 'model',
    says: ['line 4', 'the [ that opens here is not closed', 'add a ]'],
  },
  'a notebook without a cell': {
    source: '# A question\n\n```yaml trian\nepochs: 3\n```\n',
    code: 'invalid_notebook',
    path: '',
    says: ['expected at least one cell', 'received text alone', 'begins with ```yaml data'],
  },
  'a notebook with two cells of a kind': {
    source: cell('train', 'epochs: 3') + cell('train', 'epochs: 4'),
    code: 'invalid_notebook',
    path: 'train',
    says: [/line \d+/, 'expected at most one train cell', 'join it with the first'],
  },
  'a cell that is nested too deep': {
    source: cell('model', `lookback: ${'['.repeat(100)}${']'.repeat(100)}`),
    code: 'invalid_notebook',
    path: 'model',
    says: ['expected at most 64 levels of nesting', 'received more'],
  },
  'a huge notebook': {
    source: `# ${'x'.repeat(1_000_000)}`,
    status: 413,
    code: 'too_large',
    says: ['1,000,002 bytes', 'expected 1,000,000 at most', 'Keep data in files'],
  },
  'an engine that this machine lacks': {
    overrides: ['train.engine=webgpu'],
    code: 'engine_unavailable',
    path: 'train.engine',
    says: ['webgpu', 'Set train.engine to auto'],
  },
};

test('every wrong configuration is refused where it was written, in the API and in the terminal, and makes no run', async () => {
  const sidecar = await startTestSidecar('real');
  const file = join(sidecar.home, 'notebooks', 'question.md');
  // Each is a process of its own.
  const inTerminal = sample(Object.keys(cases), 4);
  for (const [name, { source, config, overrides, status = 422, ...expected }] of Object.entries(cases)) {
    const where = `${name}`;
    await expectRefused(sidecar, { source, config, overrides }, status, expected).catch((error: unknown) => {
      throw new Error(where, { cause: error });
    });
    if (config !== undefined || !inTerminal.includes(name)) continue;
    writeFileSync(file, source ?? cell('train', ''));
    await expectTerminal(sidecar.home, ['question', ...(overrides ?? [])], expected).catch((error: unknown) => {
      throw new Error(`${where}, in the terminal`, { cause: error });
    });
  }
  expect(runFolders(sidecar.runs)).toEqual([]);
  expect((await sidecar.json<{ runs: unknown[] }>('/runs')).body.runs).toEqual([]);
  await expectStillWorks(sidecar);
  expect(sidecar.warnings).toEqual([]);
});

test('a notebook that is not there, or a request of another shape, is refused naming what there is', async () => {
  const sidecar = await startTestSidecar('steady');
  writeFileSync(join(sidecar.home, 'notebooks', 'first.md'), '# First\n');
  await expectRefused(sidecar, { notebook: 'frist' }, 404, {
    code: 'notebook_not_found',
    says: ['"frist"', 'Expected the name of a .md file in the notebooks folder', 'there are first'],
  });
  await expectRefused(sidecar, { overides: ['train.epochs=1'] }, 400, {
    code: 'invalid_request',
    path: 'overides',
    says: ['overides', 'unknown key', 'did you mean overrides?'],
  });
  await expectRefused(sidecar, { overrides: 'train.epochs=1' }, 400, {
    code: 'invalid_request',
    path: 'overrides',
    says: ['overrides', 'expected array', 'received string'],
  });
  await expectTerminal(sidecar.home, ['frist'], { code: 'notebook_not_found', says: ['"frist"', 'there are first'] });
  const usage = await almanac(sidecar.home, 'run');
  expect([usage.code, usage.notes]).toEqual([
    2,
    expect.stringContaining('usage: almanac run [options] <notebook> [override...]'),
  ]);
});

test('what is wrong is collected: all findings of a notebook come at once', async () => {
  const sidecar = await startTestSidecar('steady');
  const config = { train: { epochs: 0, batch_size: 1e6 }, model: { lookback: 1 } };
  await expectRefused(sidecar, { config }, 422, {
    code: 'invalid_config',
    says: ['and 2 more'],
    path: 'train.batch_size',
  });
  writeFileSync(
    join(sidecar.home, 'notebooks', 'wrong.md'),
    cell('train', 'epochs: 0\nbatch_size: 1000000') + cell('model', 'lookback: 1'),
  );
  await expectTerminal(sidecar.home, ['wrong'], {
    code: 'invalid_config',
    says: ['train.epochs', 'train.batch_size', 'model.lookback'],
  });
});
