import { describe, expect, it } from 'vitest';
import { ApiError, send } from '#lib/api/request.ts';
import { actOnRun, getRun, restoreRun } from '#lib/api/runs.ts';
import { Launcher } from '#lib/notebook/launch.ts';

describe('requests', () => {
  it('turns a refusal into an error with code, message and places', async () => {
    const body = {
      error: { code: 'invalid_config', message: 'no', issues: [{ path: 'a.b', message: 'x' }, { junk: 1 }] },
    };
    const error = await send(async () => Response.json(body, { status: 422 }), '/x').catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 422, code: 'invalid_config', issues: [{ path: 'a.b', message: 'x' }] });
  });

  it('says what to do when nothing answers, and survives an answer that is no JSON', async () => {
    const down = send(async () => Promise.reject(new TypeError('x')), '/x');
    await expect(down).rejects.toMatchObject({ code: 'unreachable' });
    const odd = send(async () => new Response('<html>', { status: 502 }), '/x');
    await expect(odd).rejects.toMatchObject({ status: 502, message: 'The server answered 502' });
  });
});

describe('the typed client', () => {
  it('keeps an id of a stranger’s making inside its path', async () => {
    const asked: string[] = [];
    const fetcher = async (path: string) => {
      asked.push(path);
      return Response.json({ error: { code: 'run_not_found', message: 'no' } }, { status: 404 });
    };
    for (const id of ['../../../secret', 'a/b?c#d', '%2e%2e%2fsecret']) {
      await expect(getRun(fetcher, id)).rejects.toMatchObject({ status: 404 });
      await expect(restoreRun(fetcher, id)).rejects.toMatchObject({ status: 404 });
      await expect(actOnRun(fetcher, id, 'cancel')).rejects.toMatchObject({ status: 404 });
    }
    expect(asked.filter((path) => !/^\/api\/runs\/[\w.%-]+(\/(?:cancel|restore))?$/.test(path))).toEqual([]);
    expect(asked.at(0)).toBe('/api/runs/..%2F..%2F..%2Fsecret');
  });
});

describe('Launcher', () => {
  it('repeats a lost request under the same key, and a new one under a new key', async () => {
    const keys: (string | null)[] = [];
    let lost = true;
    let count = 0;
    const launcher = new Launcher(
      async (_path, init) => {
        keys.push(new Headers(init?.headers).get('idempotency-key'));
        if (lost) throw new TypeError('lost');
        return Response.json({ id: 'r1' }, { status: 201 });
      },
      () => `key${++count}`,
    );
    await expect(launcher.start({ source: 'a' })).rejects.toThrow();
    lost = false;
    expect(await launcher.start({ source: 'a' })).toBe('r1');
    await launcher.start({ source: 'a' });
    expect(keys).toEqual(['key1', 'key1', 'key2']);
  });
});
