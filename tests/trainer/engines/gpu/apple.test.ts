import { describe, expect, it, vi } from 'vitest';
import { openApple, parseAccelerator } from '#trainer/engines/gpu/apple.ts';
import { fakeProgram } from '#tests/support/fake-program.ts';

const statistics =
  '{"In use system memory (driver)"=0,"Alloc system memory"=2418540544,"Tiler Utilization %"=21,"Device Utilization %"=43,"In use system memory"=517292032,"recoveryCount"=0}';
const answer = `+-o AGXAcceleratorG14G  <class AGXAcceleratorG14G, id 0x100000482, registered, matched, active, busy 0>
    {
      "gpu-core-count" = 10
      "model" = "Apple M2"
      "PerformanceStatistics" = ${statistics}
    }
`;

describe('parseAccelerator', () => {
  it('reads utilisation and memory, and makes up neither temperature nor power', () => {
    expect(parseAccelerator(answer)).toEqual({ name: 'Apple M2', reading: { util: 43, memUsed: 517292032 } });
  });

  it('finds nothing where there are no statistics', () => {
    expect(parseAccelerator('')).toBeUndefined();
    expect(parseAccelerator('+-o AppleParavirtGPU\n  {\n    "model" = "x"\n  }')).toBeUndefined();
  });
});

describe.skipIf(process.platform === 'win32')('openApple', () => {
  it('asks again and again and keeps the newest answer', async () => {
    const program = fakeProgram(`n=$(cat "$0.n" 2>/dev/null || echo 42); n=$((n + 1)); echo $n > "$0.n"
cat <<END
${answer.replace('"Device Utilization %"=43', '"Device Utilization %"=$n')}
END`);
    const source = openApple(program)(() => undefined);
    // 43 is the first answer; on a busy machine we may look first when there is a later one.
    await expect.poll(() => source?.latest()?.util).toBeGreaterThanOrEqual(43);
    const before = source?.latest()?.util ?? 0;
    await expect.poll(() => source?.latest()?.util).toBeGreaterThan(before);
    source?.close();
  });

  it.each([
    ['no-such-program-anywhere', 'ioreg did not answer'],
    ['true', 'ioreg lists no GPU with readings'],
  ])('says why it reads nothing: %s', async (command, why) => {
    const absent = vi.fn();
    openApple(command)(absent);
    await expect.poll(() => absent.mock.calls).toEqual([[why]]);
  });
});
