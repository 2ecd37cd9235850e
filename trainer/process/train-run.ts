import { join } from 'node:path';
import { runFiles } from '#core/run/run-files.ts';
import type { Config } from '#core/config/config.ts';
import type { Dataset } from '#core/dataset/dataset.ts';
import type { Evaluation } from '#core/run/evaluation.ts';
import type { Engine } from '#trainer/engines/engine.ts';
import { findInitialWeights } from '#trainer/ml/checkpoint/initial.ts';
import { findResumeState } from '#trainer/ml/checkpoint/resume.ts';
import type { Model } from '#trainer/ml/models/model.ts';
import type { TrainingRequest } from '#trainer/ml/train.ts';
import type { TrainingHooks } from '#trainer/ml/training-state.ts';
import type { Control } from '#trainer/run-folder/control.ts';
import { createEventHooks } from './event-hooks.ts';
import type { EventLog } from '#trainer/run-folder/event-log.ts';
import { loadDataset } from './load-dataset.ts';
import { notebookOf, readFrozenRun, readFrozenSource, readRunConfig } from '#trainer/run-folder/frozen.ts';
import { replaceJson } from '#disk/replace-file.ts';
import { requireMemory } from './require-memory.ts';
import { SystemLog } from './system-log.ts';
import { openWantedEngine } from '#trainer/engine-choice/wanted-engine.ts';

export interface RunContext {
  /** Absolute path of `runs/<id>`. */
  readonly folder: string;
  readonly attempt: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: EventLog;
  readonly control: Control;
  /** Opens the engine; by default the one that the configuration wants. */
  readonly openEngine?: typeof openWantedEngine;
  /** Wraps the hooks that training reports to; the benchmark of their cost uses it. */
  readonly watch?: (hooks: TrainingHooks) => TrainingHooks;
  /** Called with the name of each stage as it begins, to measure where time goes. */
  readonly stage?: (name: string) => void;
}

/** How an attempt ended without an error. */
export interface RunEnd {
  readonly state: 'completed' | 'stopped';
  readonly reason: string;
}

/** A line of the log; an alert stands on the page of the run as well. */
type Say = (level: 'info' | 'warn', message: string, alert?: boolean) => void;

/** Milliseconds between two `system` events. */
const systemEvery = 2000;

/**
 * One attempt from config to result: data, engine, training from the last checkpoint, the test of the best one. Writes
 * every event but the terminal status. Throws what failed; files of the run stay as they were or whole.
 *
 * Modules are imported where they are first needed: reading the data and loading TensorFlow.js then overlap, and a run
 * that cannot read its data never pays for an engine.
 */
export async function trainRun(context: RunContext): Promise<RunEnd> {
  const { folder, attempt, env, log, control } = context;
  const { openEngine = openWantedEngine, stage = () => {}, watch = (hooks) => hooks } = context;
  const checkpoints = join(folder, runFiles.checkpoints);
  const say: Say = (level, message, alert = false) =>
    void log.append({ type: 'log', level, message, ...(alert && { alert }) });
  const stopped = () => control.want() === 'stop';
  const idle: RunEnd = { state: 'stopped', reason: 'stopped before training began' };

  stage('config');
  say('info', `Attempt ${attempt} begins.`);
  const config = await readRunConfig(folder);
  if (stopped()) return idle;

  stage('data and engine');
  const opening = openEngine(config, env);
  // Without a handler an engine that fails while the data is read would end the process before we get to it.
  opening.catch(() => {});
  const frozen = await readFrozenRun(folder).catch(() => null);
  const record = frozen === null ? {} : { record: frozen.record };
  const { dataset, evaluation, settled } = await loadDataset(config, { folder, env, say, ...record }).catch(
    async (error: unknown) => {
      throw await placeInNotebook(folder, config, error);
    },
  );
  stage('engine');
  const { engine, why } = await opening;
  let telemetry: NodeJS.Timeout | undefined;
  try {
    if (stopped()) return idle;
    stage('telemetry');
    const system = await beginOn(engine, why, evaluation, context, say);
    telemetry = setInterval(() => system.report(), systemEvery).unref();

    stage('model');
    system.expect(requireMemory(config, dataset, engine));
    const [{ buildModel }, { trainModel }, { openSaver }] = await Promise.all([
      import('#trainer/ml/models/build.ts'),
      import('#trainer/ml/train.ts'),
      import('#trainer/ml/checkpoint/save.ts'),
    ]);
    const model = buildModel(config.model, {
      lookback: dataset.lookback,
      features: dataset.names.length,
      outputs: dataset.tasks.length,
    });
    const start = await findStart(context, config, model, dataset, say);
    const save = openSaver(checkpoints, model, dataset, config);
    const hooks = createEventHooks({ log, control, engine, save, checkpointEvery: config.train.checkpoint_every });
    stage('training');
    const outcome = await trainModel({
      dataset,
      config,
      ...start,
      hooks: watch(system.watch(hooks)),
      backPressure: engine.backPressure,
    }).catch(async (error: unknown) => {
      // Finishes the checkpoints that are being saved, or wait for it. If that fails too, the error that ended the training is the one to
      // report.
      await hooks.settle().catch(() => {});
      throw error;
    });
    await hooks.settle();
    system.endTraining();
    if (outcome.end === 'stopped') return { state: 'stopped', reason: outcome.reason };
    say('info', `Training ended: ${outcome.reason}.`);

    stage('evaluation');
    const { evaluateBest } = await import('./evaluate-best.ts');
    if (!(await evaluateBest(folder, dataset, model, outcome.state, log, control)))
      return { state: 'stopped', reason: 'stopped while the best checkpoint was being scored' };
    system.reportEnd();
    return { state: 'completed', reason: outcome.reason };
  } finally {
    clearInterval(telemetry);
    engine.dispose();
    // Who wants it to stop is not kept waiting for what others might reuse.
    if (!stopped()) await settled();
  }
}

/** Writes down which engine this attempt is on and which rows it is scored on, and begins to follow the system. */
async function beginOn(
  engine: Engine,
  why: string,
  evaluation: Evaluation,
  { folder, attempt, log }: RunContext,
  say: Say,
): Promise<SystemLog> {
  const [{ readSystem }, { describeEnvironment, findEngine }] = await Promise.all([
    import('#trainer/engines/telemetry.ts'),
    import('./environment.ts'),
  ]);
  const environment = join(folder, runFiles.environment);
  const before = findEngine(environment);
  if (before !== null && before !== engine.name) {
    const bits = 'the result can differ in its last digits from that of a run that was never interrupted';
    say('warn', `This run began on ${before} and goes on with ${engine.name}: ${bits}.`);
  }
  await replaceJson(environment, describeEnvironment(attempt, engine));
  log.append({ type: 'status', state: 'running', engine: engine.name, device: engine.device, evaluation });
  say('info', why);
  const system = new SystemLog({ log, engine, read: readSystem });
  system.report();
  return system;
}

/** What training starts from: the state of an earlier attempt, else the weights of a fork's parent, else neither. */
async function findStart(
  { folder, attempt }: RunContext,
  config: Config,
  model: Model,
  dataset: Dataset,
  say: Say,
): Promise<Pick<TrainingRequest, 'resume' | 'initial'>> {
  const checkpoints = join(folder, runFiles.checkpoints);
  const warn = (message: string) => say('warn', message);
  const resume = attempt > 1 ? await findResumeState(checkpoints, config.model, { warn }) : null;
  if (resume) {
    const { epoch, step } = resume.state;
    say('info', `Going on from checkpoint ${resume.folder}: epoch ${epoch}, step ${step}.`);
    return { resume: resume.state };
  }
  if (attempt > 1) say('info', 'No checkpoint was saved before: training begins again.');
  const initial = await findInitialWeights(folder, config.model, model, dataset);
  for (const { level, message } of initial?.notes ?? []) say(level, message);
  return initial ? { initial: initial.weights } : {};
}

/** The error with the line of the frozen notebook at which its key is written, where a person wrote one. */
async function placeInNotebook(folder: string, config: Config, error: unknown): Promise<unknown> {
  const [source, frozen] = await Promise.all([readFrozenSource(folder), readFrozenRun(folder)]).catch(() => [
    null,
    null,
  ]);
  if (source === null || frozen === null || source === notebookOf(frozen.record.name, config)) return error;
  const [{ parseNotebook }, { placeError }] = await Promise.all([
    import('#core/notebook/parse.ts'),
    import('#core/notebook/place-error.ts'),
  ]);
  return placeError(error, parseNotebook(source), frozen.overrides);
}
