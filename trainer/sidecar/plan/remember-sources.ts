import { canonicalJson } from '#core/config/digest.ts';
import { identifySource, type SourceIdentity } from '#trainer/data/identify.ts';
import { stateOfSource } from '#trainer/data/source-state.ts';

/** Sources that are remembered. */
const most = 50;

/**
 * As identifySource, which hashes every byte, for who asks at each keystroke: while the files of a source stay as they are
 * (path, inode, size, times) what was found is good enough to foresee, though not to train on.
 */
export function rememberSources(identify: typeof identifySource = identifySource): typeof identifySource {
  const known = new Map<string, { readonly state: string; readonly identity: SourceIdentity }>();
  return async (data, roots) => {
    const { source, symbol } = data;
    const key = canonicalJson([source, symbol]);
    const state = await stateOfSource(source, roots);
    const found = known.get(key);
    if (found !== undefined && found.state === state) return found.identity;
    known.delete(key);
    const identity = await identify(data, roots);
    if (state === null || state !== (await stateOfSource(source, roots))) return identity;
    known.set(key, { state, identity });
    for (const [oldest] of known) if (known.size > most) known.delete(oldest);
    return identity;
  };
}
