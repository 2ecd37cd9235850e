import { until } from '#tests/support/until.ts';

/** A small run on synthetic bars, made over HTTP; `changes` are laid over its configuration. */
export async function createRun(api: string, changes: Readonly<Record<string, object>> = {}): Promise<string> {
  const base: Record<string, object> = {
    data: { source: 'sample://market?seed=3&bars=6000&step=1h' },
    model: { lookback: 32 },
    train: { epochs: 2 },
  };
  const config = Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(changes)])].map((group) => [
      group,
      { ...base[group], ...changes[group] },
    ]),
  );
  const answer = await fetch(`${api}/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ config, name: 'A small run' }),
  });
  const body = (await answer.json()) as { id: string };
  if (answer.status !== 201) throw new Error(JSON.stringify(body));
  return body.id;
}

/** Waits until a run has ended; answers its state. */
export async function untilOver(api: string, id: string): Promise<string> {
  let status = '';
  await until(
    async () => {
      ({ status } = (await (await fetch(`${api}/runs/${id}`)).json()) as { status: string });
      return ['completed', 'failed', 'cancelled', 'interrupted'].includes(status);
    },
    () => `run ${id} did not end: it is ${status}`,
  );
  return status;
}
