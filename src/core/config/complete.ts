import { lossTermSchema } from '#core/losses/registry.ts';
import { targetOf, targets } from '#core/targets/registry.ts';
import { configSchema, type Group, groups } from './config.ts';
import { type Document, isMap, mergeDocuments, ownValue, withValue } from './document.ts';

const defaults = configSchema.parse({});

/** Maps that a document writes as a whole: what it lists is all there is. */
const wholeMaps = ['features.timeframes', 'features.columns', 'targets.tasks'];

/**
 * A configuration as a file writes it, with every default filled in: the one place where defaults come from. A group that
 * is not valid keeps what was written, laid on its defaults, for the schema to refuse. Completing twice changes nothing.
 */
export function complete(written: Document): Document {
  const named = nameKinds(written);
  const filled = Object.fromEntries(groups.map((group) => [group, fill(group, ownValue(named, group))]));
  return { ...named, ...filled, loss: fillLoss(filled.loss, filled.targets) };
}

function fill(group: Group, written: unknown = {}): unknown {
  const parsed = configSchema.shape[group].safeParse(written);
  return parsed.success ? parsed.data : mergeDocuments(defaults[group], written, wholeMaps, group);
}

/** A loss or optimizer without `kind` is of the default kind, as every missing key takes its default. */
function nameKinds(document: Document): Document {
  const { loss } = document;
  const optimizer = nameKind(ownValue(document.train, 'optimizer'), defaults.train.optimizer.kind);
  const named = isMap(optimizer) ? withValue(document, ['train', 'optimizer'], optimizer) : document;
  if (!isMap(loss)) return named;
  const { weights, ...terms } = loss;
  const tasks = ownValue(document.targets, 'tasks') ?? defaults.targets.tasks;
  const whole = Object.entries(terms).map(([task, term]) => {
    const kind = ownValue(ownValue(tasks, task), 'kind');
    const target = targets.find((known) => known.kind === kind);
    return [task, target ? nameKind(term, target.defaultLoss) : term];
  });
  return { ...named, loss: { ...Object.fromEntries(whole), ...(weights === undefined ? {} : { weights }) } };
}

function nameKind(block: unknown, kind: string): unknown {
  return isMap(block) && !Object.hasOwn(block, 'kind') ? { kind, ...block } : block;
}

/** Every task with its loss and its weight, in the order of the tasks; left alone where targets or losses are not valid. */
function fillLoss(loss: unknown, written: unknown): unknown {
  const parsed = configSchema.shape.loss.safeParse(loss);
  const tasks = configSchema.shape.targets.safeParse(written).data?.tasks;
  if (!parsed.success || !tasks) return loss;
  const { weights, ...terms } = parsed.data;
  const every = Object.entries(tasks);
  const own = every.map(([task, { kind }]) => [task, lossTermSchema.parse({ kind: targetOf(kind).defaultLoss })]);
  const ones = every.map(([task]) => [task, 1]);
  return { ...Object.fromEntries(own), ...terms, weights: { ...Object.fromEntries(ones), ...weights } };
}
