// Program: measure [--models=mlp,tsmixer,tcn,patchtst,lstm] [--variants=base,medium] [--batch=1024] [--device=cuda]
//                  [--large=patchtst] [--out=folder]
// Everything that is to be known of a machine with a GPU, as one Markdown file that names card, driver and date: throughput
// beside PyTorch eager on the same card, a profile by kernel of each model, and one large model trained to the end. What
// fails is in the file in its own words; the rest goes on.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

const { values: options } = parseArgs({
  options: {
    models: { type: 'string', default: 'mlp,tsmixer,tcn,patchtst,lstm' },
    variants: { type: 'string', default: 'base,medium' },
    batch: { type: 'string', default: '1024' },
    device: { type: 'string', default: 'cuda' },
    large: { type: 'string', default: 'patchtst' },
    out: { type: 'string', default: here('./notes') },
  },
});

interface Section {
  readonly title: string;
  readonly command: string;
  readonly text: string;
  readonly ok: boolean;
}

function run(title: string, command: string, args: readonly string[]): Section {
  process.stderr.write(`${title} …\n`);
  const { status, signal, error, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 27,
    env: process.env,
  });
  const ok = status === 0;
  const why = ok ? '' : `\nended with ${error?.message ?? signal ?? `code ${String(status)}`}\n${stderr ?? ''}`;
  const shown = args.map((arg) => arg.replace(here('../'), 'tests/bench/')).join(' ');
  return {
    title,
    command: `${command === process.execPath ? 'node' : command} ${shown}`,
    text: `${stdout ?? ''}${why}`,
    ok,
  };
}

const node = process.execPath;
const query = ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader'];
const card = run('Card', 'nvidia-smi', query);
const name = card.ok ? card.text.split(',')[0].trim() : 'unknown card';
const models = options.models.split(',');
const variants = options.variants.split(',');
const batch = `--batch=${options.batch}`;
const sections = [
  card,
  run('Throughput beside PyTorch', node, [
    here('../run.ts'),
    'throughput',
    '--engine=webgpu',
    batch,
    `--device=${options.device}`,
    `--model=${options.models}`,
    `--variant=${options.variants}`,
  ]),
  ...models.flatMap((model) =>
    variants.map((variant) =>
      run(`Profile of ${model} ${variant}`, node, [
        here('./profile.ts'),
        `--model=${model}`,
        `--variant=${variant}`,
        batch,
      ]),
    ),
  ),
  run(`Large ${options.large}, trained to the end`, node, [here('./train-to-the-end.ts'), `--model=${options.large}`]),
];

const date = new Date().toISOString().slice(0, 10);
const heading = `# ${name}, ${date}\n\nNode ${process.version} on ${process.platform}-${process.arch}.\n`;
const body = sections.map(
  ({ title, command, text }) => `## ${title}\n\n    ${command}\n\n\`\`\`\n${text.trim()}\n\`\`\`\n`,
);
mkdirSync(options.out, { recursive: true });
const file = join(options.out, `${date}-${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.md`);
writeFileSync(file, [heading, ...body].join('\n'));
process.stdout.write(`${file}\n`);
process.exitCode = sections.every(({ ok }) => ok) ? 0 : 1;
