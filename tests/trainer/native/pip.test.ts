import { describe, expect, it } from 'vitest';
import { downloadWheel, explainPip } from '#trainer/native/pip.ts';
import { parseMetadata } from '#trainer/native/wheel.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

const failed = (stderr: string) => ({ code: 1, stdout: '', stderr });

describe('downloadWheel', () => {
  it('says so where there is no Python', async () => {
    await expect(downloadWheel('tensorflow-cpu==2.21.0', temporaryFolder(), 'no-such-python')).rejects.toThrow(
      /Python was not found.*--from/,
    );
  });

  it.each([
    ['/usr/bin/python3: No module named pip', /pip was not found.*python3-pip/],
    [
      'Failed to establish a new connection: [Errno -3] Temporary failure in name resolution',
      /PyPI could not be reached/,
    ],
    ['ERROR: No matching distribution found for tensorflow-cpu==9.9.9', /PyPI has no tensorflow-cpu==9\.9\.9/],
    ['OSError: [Errno 28] No space left on device', /disk is full/],
    ['something else\nthe last line', /something else \/ the last line/],
  ])('turns "%s" into one sentence', (stderr, sentence) => {
    const message = explainPip(failed(stderr), 'tensorflow-cpu==9.9.9');
    expect(message).toMatch(sentence);
    expect(message).not.toContain('\n');
  });
});

describe('parseMetadata', () => {
  it("finds NVIDIA's wheels that the GPU needs", () => {
    const text = [
      'Name: tensorflow',
      'Version: 2.21.0',
      'Requires-Dist: numpy>=1.26',
      'Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"',
      'Requires-Dist: nvidia-cudnn-cu12<10.0,>=9.3.0.75; extra == "and-cuda"',
    ].join('\n');
    expect(parseMetadata(text, 'tf.whl')).toEqual({
      flavour: 'gpu',
      version: '2.21.0',
      nvidia: ['nvidia-cublas-cu12<13.0,>=12.5.3.2', 'nvidia-cudnn-cu12<10.0,>=9.3.0.75'],
    });
  });
});
