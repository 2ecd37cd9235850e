import { parseArgs } from 'node:util';
import { type Architecture, architectures } from '#core/models/registry.ts';
import { type Variant, variants } from '#core/models/variant.ts';
import { type EngineName, engineNames } from '#core/engines/registry.ts';
import { type PeerName, peers } from './peers/peer.ts';
import { wholeOption } from './whole-option.ts';

export interface ThroughputOptions {
  readonly json: boolean;
  readonly models: readonly Architecture[];
  readonly variants: readonly Variant[];
  readonly engines: readonly EngineName[];
  readonly peers: readonly PeerName[];
  /** Where the peers train; our device is that of the engine. */
  readonly device: 'cpu' | 'cuda';
  /** Of one measurement. */
  readonly seconds: number;
  readonly repeats: number;
  readonly batch: number;
  readonly threads: number;
  /** Print where our engines' time goes, by kernel. */
  readonly profile: boolean;
  /** Measure tfjs' wasm backend as it is shipped too. */
  readonly shipped: boolean;
}

/** The models that engines are judged by. */
const judged = ['mlp', 'tsmixer', 'tcn', 'patchtst', 'lstm'];

/** Throws what was expected and what was received. */
export function readThroughputOptions(args: readonly string[]): ThroughputOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      model: { type: 'string', default: architectures.filter((name) => judged.includes(name)).join() },
      variant: { type: 'string', default: 'base,medium' },
      engine: { type: 'string', default: 'wasm,native' },
      peer: { type: 'string', default: peers.join() },
      device: { type: 'string', default: 'cpu' },
      seconds: { type: 'string', default: '3' },
      repeats: { type: 'string', default: '3' },
      batch: { type: 'string', default: '256' },
      threads: { type: 'string', default: '2' },
      profile: { type: 'boolean', default: false },
      shipped: { type: 'boolean', default: false },
    },
  });
  return {
    json: values.json,
    models: pick(values.model, architectures, 'model'),
    variants: pick(values.variant, variants, 'variant'),
    engines: pick(values.engine, engineNames, 'engine'),
    peers: values.peer === 'none' ? [] : pick(values.peer, peers, 'peer', ' or none'),
    device: pick(values.device, ['cpu', 'cuda'] as const, 'device')[0],
    seconds: positive(values.seconds, 'seconds'),
    repeats: wholeOption('repeats', values),
    batch: wholeOption('batch', values),
    threads: wholeOption('threads', values),
    profile: values.profile,
    shipped: values.shipped,
  };
}

function pick<T extends string>(text: string, known: readonly T[], option: string, also = ''): T[] {
  return text.split(',').map((name) => {
    const found = known.find((value) => value === name);
    if (found === undefined)
      throw new Error(`--${option}: expected some of ${known.join(', ')}${also}, received ${name}`);
    return found;
  });
}

function positive(text: string, option: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${option}: expected a number above 0, received ${text}`);
  return value;
}
