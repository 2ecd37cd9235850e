import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type GpuReading, type OpenGpu, toReading } from './reading.ts';

const amd = '0x1002';
const vendors: Readonly<Record<string, string>> = { [amd]: 'an AMD', '0x8086': 'an Intel', '0x10de': 'an NVIDIA' };

/** Milliseconds between two readings. */
const every = 1000;

/**
 * The AMD GPU with the most memory, through the files of the amdgpu driver: no program and no right is needed. Read every
 * second and never waited for.
 */
export function openAmd(root = '/sys/class/drm'): OpenGpu {
  return (absent) => {
    const cards = findCards(root);
    const [card] = cards
      .filter(({ vendor, path }) => vendor === amd && text(join(path, 'gpu_busy_percent')) !== '')
      .sort((a, b) => memoryOf(b.path) - memoryOf(a.path));
    if (card === undefined) {
      absent(describeCards(cards));
      return undefined;
    }
    const files = fileList(card.path);
    const name = text(join(card.path, 'product_name')) || `AMD GPU ${text(join(card.path, 'device'))}`.trim();
    let latest = toSysfsReading(files.map(text));
    let reading = false;
    const timer = setInterval(() => {
      if (reading) return;
      reading = true;
      void Promise.all(files.map((path) => readFile(path, 'utf8').catch(() => ''))).then((found) => {
        latest = toSysfsReading(found);
        reading = false;
      });
    }, every).unref();
    return { latest: () => latest, name: () => name, close: () => clearInterval(timer) };
  };
}

interface Card {
  /** The folder of its PCI device. */
  readonly path: string;
  /** PCI vendor, e.g. "0x1002". */
  readonly vendor: string;
}

function findCards(root: string): readonly Card[] {
  let names: readonly string[] = [];
  try {
    names = readdirSync(root);
  } catch {
    // No such folder, as in most containers: no card.
  }
  // card0 is a card, card0-HDMI-A-1 one of its sockets.
  const paths = names.filter((name) => /^card\d+$/.test(name)).map((name) => join(root, name, 'device'));
  return paths.map((path) => ({ path, vendor: text(join(path, 'vendor')) }));
}

function describeCards(cards: readonly Card[]): string {
  const known = [...new Set(cards.flatMap(({ vendor }) => vendors[vendor] ?? []))];
  if (known.length === 0) return 'the system lists no AMD card';
  return `the system lists ${known.join(' and ')} card, whose driver exposes no readings there`;
}

/** Paths in the order of `toSysfsReading`. Power is an average on older cards and an instant on newer ones. */
function fileList(card: string): readonly string[] {
  const monitors = join(card, 'hwmon');
  let monitor = '';
  try {
    monitor = join(monitors, readdirSync(monitors)[0] ?? '');
  } catch {
    // A card without sensors.
  }
  const power = ['power1_average', 'power1_input'].find((name) => text(join(monitor, name)) !== '');
  return [
    ...['gpu_busy_percent', 'mem_info_vram_used', 'mem_info_vram_total'].map((name) => join(card, name)),
    join(monitor, 'temp1_input'),
    join(monitor, power ?? 'power1_average'),
  ];
}

/** sysfs counts in bytes, millidegrees and microwatts. */
function toSysfsReading(texts: readonly string[]): GpuReading {
  const [util, memUsed, memTotal, temperature, power] = texts.map((found) =>
    found.trim() === '' ? Number.NaN : Number(found),
  );
  return toReading({ util, memUsed, memTotal, temperature: temperature / 1e3, power: power / 1e6 });
}

function memoryOf(card: string): number {
  return Number(text(join(card, 'mem_info_vram_total')));
}

function text(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
