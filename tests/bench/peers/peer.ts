import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { About } from '../measurer.ts';
import type { TrainingJob } from '#trainer/engine-choice/measure-training.ts';
import { configOf } from '#tests/core/dataset/config.ts';

export const peers = ['pytorch', 'keras'] as const;
export type PeerName = (typeof peers)[number];

const programs: Readonly<Record<PeerName, string>> = { pytorch: 'pytorch.py', keras: 'keras_peer.py' };
const models = ['mlp', 'tsmixer', 'tcn', 'patchtst', 'lstm'];

/** The virtual environment that `npm run bench:peers` makes. */
export const peerFolder = fileURLToPath(new URL('../../../.peers', import.meta.url));

/** Python of a virtual environment. */
export function pythonOf(folder: string): string {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}

/** What is installed together: what trains networks, and what computes indicators. */
export type PeerSet = 'training' | 'indicators';

/** Made when all of a set is installed, so that an installation that broke off does not count. */
export function completeMark(folder: string, set: PeerSet = 'training'): string {
  return join(folder, set === 'training' ? 'complete' : `complete-${set}`);
}

/** Why a peer cannot be measured at this job; undefined when it can. */
export function peerAbsence(
  peer: PeerName,
  model: string,
  device: 'cpu' | 'cuda',
  folder = peerFolder,
): string | undefined {
  if (!existsSync(completeMark(folder)))
    return 'is not installed: npm run bench:peers does it (about 2.8 GB to download)';
  if (!models.includes(model)) return `has no ${model} here: expected ${models.join(', ')}`;
  if (peer === 'keras' && device === 'cuda') return 'is installed for the CPU only';
  return undefined;
}

/** The command of the peer's measuring process: the same network, loss and optimizer as ours, from the same defaults. */
export function peerCommand(peer: PeerName, job: TrainingJob, device: string, threads: number): string[] {
  const { model, train } = configOf({
    model: { architecture: job.model, variant: job.variant, lookback: job.lookback },
  });
  if (train.optimizer.kind !== 'adamw') throw new Error('The peers train with AdamW, which is no longer the default.');
  const program = fileURLToPath(new URL(programs[peer], import.meta.url));
  const request = {
    ...job,
    device,
    threads,
    dropout: model.dropout,
    learning_rate: train.optimizer.learning_rate,
    weight_decay: train.optimizer.weight_decay,
    epsilon: train.optimizer.epsilon,
    clip_norm: train.clip_norm,
    huber_delta: 1,
  };
  return [pythonOf(peerFolder), program, JSON.stringify(request)];
}

/** Throws unless a peer's network is ours, parameter for parameter, but for the differences that it names. */
export function requireSameParameters(label: string, ours: Pick<About, 'parameters'>, peer: About): void {
  const named = Object.entries(peer.differences);
  const expected = named.reduce((sum, [, count]) => sum + count, ours.parameters);
  if (peer.parameters === expected) return;
  const known = named.map(([what, count]) => ` + ${count} (${what})`).join('');
  throw new Error(
    `${label}: expected ${ours.parameters}${known} parameters as ours has, received ${peer.parameters}: ` +
      'another network is not compared. Bring tests/bench/peers/sizes.py in line with src/core/models.',
  );
}
