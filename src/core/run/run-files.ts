/** What a run folder holds, and the name of each: the one list of them. */
export const runFiles = {
  /** Frozen at creation. */
  notebook: 'notebook.md',
  config: 'config.yaml',
  overrides: 'overrides.yaml',
  record: 'run.json',
  /** Folder of the checkpoint whose weights a fork starts from. */
  start: 'initial',
  /** Written while it runs. */
  environment: 'environment.json',
  data: 'data.json',
  events: 'events.jsonl',
  checkpoints: 'checkpoints',
  predictions: 'predictions.csv',
  testPredictions: 'predictions-test.csv',
  metrics: 'metrics.csv',
  printed: 'trainer.log',
  /** What is wanted of a living trainer. */
  control: 'control.json',
} as const;

/** What the folder of one checkpoint holds; the manifest is written last. */
export const checkpointFiles = {
  model: 'model.json',
  weights: 'weights.bin',
  optimizer: 'optimizer.bin',
  state: 'state.json',
  scaler: 'scaler.json',
  manifest: 'manifest.json',
} as const;

/** Path of a checkpoint's folder, or of a file in it, relative to the run folder. */
export function checkpointPath(name: string, file?: string): string {
  return [runFiles.checkpoints, name, ...(file === undefined ? [] : [file])].join('/');
}
