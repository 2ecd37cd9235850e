import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openAmd } from '#trainer/engines/gpu/amd.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

/** A tree as /sys/class/drm: card → file → text. */
function drm(cards: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const root = temporaryFolder();
  for (const [card, files] of Object.entries(cards)) {
    for (const [file, text] of Object.entries(files)) {
      const path = join(root, card, 'device', file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `${text}\n`);
    }
  }
  return root;
}

const small = { vendor: '0x1002', gpu_busy_percent: '3', mem_info_vram_used: '1', mem_info_vram_total: '536870912' };
const large = {
  vendor: '0x1002',
  device: '0x744c',
  product_name: 'Radeon RX 7900 XTX',
  gpu_busy_percent: '97',
  mem_info_vram_used: '8589934592',
  mem_info_vram_total: '25753026560',
  'hwmon/hwmon4/temp1_input': '61000',
  'hwmon/hwmon4/power1_average': '303000000',
};

describe('openAmd', () => {
  it('reads the card with the most memory at once, in bytes, degrees and watts', () => {
    const root = drm({ card0: small, card1: large, 'card1-HDMI-A-1': { vendor: '0x1002' } });
    const source = openAmd(root)(() => undefined);
    expect(source?.name()).toBe('Radeon RX 7900 XTX');
    expect(source?.latest()).toEqual({
      util: 97,
      memUsed: 8589934592,
      memTotal: 25753026560,
      temperature: 61,
      power: 303,
    });
    source?.close();
  });

  it('follows the files', async () => {
    const root = drm({ card0: large });
    const source = openAmd(root)(() => undefined);
    const file = join(root, 'card0', 'device', 'gpu_busy_percent');
    writeFileSync(`${file}.new`, '12\n');
    renameSync(`${file}.new`, file);
    await expect.poll(() => source?.latest()?.util).toBe(12);
    source?.close();
  });

  it('reads instant power where there is no average, and leaves out sensors that are not there', () => {
    const { 'hwmon/hwmon4/power1_average': _average, ...rest } = large;
    const newer = openAmd(drm({ card0: { ...rest, 'hwmon/hwmon4/power1_input': '41500000' } }))(() => undefined);
    expect(newer?.latest()?.power).toBe(41.5);
    newer?.close();
    const bare = openAmd(drm({ card0: small }))(() => undefined);
    expect(bare?.latest()).toEqual({ util: 3, memUsed: 1, memTotal: 536870912 });
    expect(bare?.name()).toBe('AMD GPU');
    bare?.close();
  });

  it.each([
    ['no folder', '/no/such/folder', 'the system lists no AMD card'],
    ['an Intel card', { card0: { vendor: '0x8086' } }, /lists an Intel card, whose driver exposes no readings/],
    ['an AMD card with another driver', { card0: { vendor: '0x1002' } }, /lists an AMD card, whose driver exposes no/],
  ])('says why it reads nothing: %s', (_, tree, why) => {
    const absent = vi.fn();
    expect(openAmd(typeof tree === 'string' ? tree : drm(tree))(absent)).toBeUndefined();
    expect(absent).toHaveBeenCalledExactlyOnceWith(typeof why === 'string' ? why : expect.stringMatching(why));
  });
});
