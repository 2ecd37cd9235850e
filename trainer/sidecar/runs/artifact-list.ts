import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact, ArtifactKind } from '#core/api/run-answers.ts';
import { AppError } from '#core/error.ts';
import { checkpointFiles, checkpointPath, runFiles } from '#core/run/run-files.ts';
import { isArtifactPath, openRunFile, type RunFile } from '#trainer/run-folder/open-file.ts';

const kinds: Readonly<Record<string, ArtifactKind>> = {
  [runFiles.predictions]: 'predictions',
  [runFiles.testPredictions]: 'predictions',
  [runFiles.metrics]: 'metrics',
  [runFiles.events]: 'events',
  [runFiles.notebook]: 'notebook',
  [runFiles.config]: 'config',
  [runFiles.overrides]: 'config',
  [runFiles.record]: 'config',
  [runFiles.data]: 'data',
  [runFiles.environment]: 'environment',
  [runFiles.printed]: 'log',
};

function kindOf(path: string): ArtifactKind {
  const [top, ...rest] = path.split('/');
  const isCheckpoint = rest.length > 0 && (top === runFiles.checkpoints || top === runFiles.start);
  return isCheckpoint ? 'checkpoint' : (kinds[path] ?? 'other');
}

/** Read at once, each time into the same memory: what a stream takes for its pieces adds up before it is given back. */
const pieceBytes = 256 * 1024;

/** Digests of files seen before. The key changes whenever the file does: path, inode, size and time. */
const digests = new Map<string, string>();

async function digest(path: string, file: RunFile): Promise<string> {
  const key = `${path} ${file.inode} ${file.bytes} ${file.modifiedMs}`;
  const known = digests.get(key);
  if (known !== undefined) return known;
  const hash = createHash('sha256');
  // As many bytes as the size says: a log may grow meanwhile.
  const piece = Buffer.allocUnsafeSlow(Math.min(file.bytes, pieceBytes));
  for (let at = 0; at < file.bytes;) {
    const { bytesRead } = await file.handle.read(piece, 0, Math.min(piece.length, file.bytes - at), at);
    if (bytesRead === 0) break;
    hash.update(piece.subarray(0, bytesRead));
    at += bytesRead;
  }
  const value = hash.digest('hex');
  if (digests.size > 10_000) digests.clear();
  digests.set(key, value);
  return value;
}

/** The files of a run folder, sorted by path; no folders, locks, control files or half-written ones. */
export async function listArtifacts(runFolder: string): Promise<readonly Artifact[]> {
  const artifacts: Artifact[] = [];
  for (const path of await filesUnder(runFolder, '')) {
    try {
      const file = await openRunFile(runFolder, path);
      try {
        artifacts.push({
          path,
          bytes: file.bytes,
          sha256: await digest(join(runFolder, path), file),
          kind: kindOf(path),
        });
      } finally {
        await file.handle.close();
      }
    } catch (error) {
      // Replaced while we looked, or no plain file: then it is none of the artifacts.
      if (!(error instanceof AppError)) throw error;
    }
  }
  return artifacts.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Relative paths of all files of a checkpoint, with what stands in for it while it is replaced. */
export async function filesOfCheckpoint(runFolder: string, name: string): Promise<readonly string[]> {
  return (await filesUnder(runFolder, runFiles.checkpoints)).filter((path) =>
    path.startsWith(checkpointPath(name, '')),
  );
}

/** Names of the checkpoints of a run. */
export async function checkpointNames(runFolder: string): Promise<readonly string[]> {
  const paths = await filesUnder(runFolder, runFiles.checkpoints);
  const names = paths.flatMap((path) => path.split('/').at(1) ?? []);
  return [...new Set(names)].filter((name) => paths.includes(checkpointPath(name, checkpointFiles.manifest))).sort();
}

async function filesUnder(runFolder: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(runFolder, folder), { withFileTypes: true }).catch(() => []);
  const names = new Set(entries.map((entry) => entry.name));
  const files: string[] = [];
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isFile()) {
      if (isArtifactPath(path)) files.push(path);
    } else if (entry.isDirectory()) {
      const shown = path.replace(/\.old$/, '');
      const stands = path !== shown && folder === runFiles.checkpoints && !names.has(entry.name.replace(/\.old$/, ''));
      if (stands) {
        const inside = await readdir(join(runFolder, path), { withFileTypes: true }).catch(() => []);
        for (const file of inside) if (file.isFile()) files.push(`${shown}/${file.name}`);
      } else if (isArtifactPath(path)) {
        files.push(...(await filesUnder(runFolder, path)));
      }
    }
  }
  return files;
}
