import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { About } from '../measurer.ts';
import { completeMark, peerAbsence, peerCommand, requireSameParameters } from './peer.ts';
import { findPython } from './python.ts';

function folderOfPeers(): string {
  const folder = mkdtempSync(join(tmpdir(), 'almanac-peers-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

it('says how to install peers that are not there, or whose installation broke off', () => {
  expect(peerAbsence('keras', 'mlp', 'cpu', folderOfPeers())).toContain('npm run bench:peers');
});

it('says which models and devices an installed peer has', () => {
  const folder = folderOfPeers();
  writeFileSync(completeMark(folder), '');
  expect(peerAbsence('pytorch', 'mlp', 'cuda', folder)).toBeUndefined();
  expect(peerAbsence('pytorch', 'gru', 'cpu', folder)).toContain('expected mlp, tsmixer');
  expect(peerAbsence('keras', 'mlp', 'cuda', folder)).toContain('CPU only');
});

it('gives the peer our job with our defaults', () => {
  const job = { model: 'mlp', variant: 'base', batch: 64, lookback: 64, features: 16 } as const;
  const request = JSON.parse(peerCommand('pytorch', job, 'cpu', 2)[2]);
  expect(request).toMatchObject({ ...job, threads: 2, dropout: 0.2, clip_norm: 1, weight_decay: 1e-4 });
});

it('compares equal networks only, but for the differences that the peer names', () => {
  const peer: About = { parameters: 12, differences: { 'second bias': 2 }, version: '', device: '', how: '' };
  expect(() => requireSameParameters('pytorch, lstm base', { parameters: 10 }, peer)).not.toThrow();
  expect(() => requireSameParameters('pytorch, lstm base', { parameters: 11 }, peer)).toThrow(
    'pytorch, lstm base: expected 11 + 2 (second bias) parameters as ours has, received 12',
  );
});

it('names the Python that is missing and how to give another', () => {
  expect(() => findPython('no-such-python')).toThrow(/Python 3\.11 to 3\.13; received: no no-such-python .*--python=/);
});
