import { Hono } from 'hono';
import { type BulkAnswer, bulkAnswer, labelRunsRequest, namedRunsRequest } from '#core/api/bulk.ts';
import { mostTags } from '#core/api/run-requests.ts';
import { AppError } from '#core/error.ts';
import { jsonBody, readJson, requireJson } from './body.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';
import { requireRun } from './find-run.ts';

const tag = 'Runs';

/** What is done to many runs at once: those that cannot be are told, and hinder no other. */
export function bulkRoutes(deps: Deps) {
  /** Acts on each in turn; what is refused by one is its reason to stay. */
  async function act(ids: readonly string[], work: (id: string) => Promise<unknown>): Promise<BulkAnswer> {
    const changed: string[] = [];
    const kept: { id: string; reason: string }[] = [];
    for (const id of new Set(ids)) {
      try {
        await work(id);
        changed.push(id);
      } catch (error) {
        if (!(error instanceof AppError) || error.code === 'disk_full') throw error;
        kept.push({ id, reason: error.message });
      }
    }
    return { changed, kept };
  }

  function tell(answer: BulkAnswer): BulkAnswer {
    for (const id of answer.changed) deps.hub.noteChange(id);
    return answer;
  }

  return new Hono()
    .use(readJson)
    .patch(
      '/',
      describe({
        id: 'labelRuns',
        tag,
        summary: 'Tag, star or archive several runs',
        answers: { 200: bulkAnswer },
        refuses: [403, 409, 413, 415],
      }),
      requireJson,
      jsonBody(labelRunsRequest),
      async (c) => {
        const { ids, addTags = [], removeTags = [], ...flags } = c.req.valid('json');
        const { changed: there, kept } = await act(ids, (id) => requireRun(deps, id));
        const changed: string[] = [];
        const full: { id: string; reason: string }[] = [];
        await deps.record.sayOf(there, (said, id) => {
          const tags = [...new Set([...said.tags.filter((name) => !removeTags.includes(name)), ...addTags])];
          if (tags.length > mostTags) {
            full.push({ id, reason: `It would have ${tags.length} tags, and ${mostTags} at most are allowed.` });
            return {};
          }
          const after = { ...said, ...flags, tags };
          if (JSON.stringify(after) !== JSON.stringify(said)) changed.push(id);
          return { ...flags, tags };
        });
        return c.json(tell({ changed, kept: [...kept, ...full] }), 200);
      },
    )
    .post(
      '/bin',
      describe({
        id: 'binRuns',
        tag,
        summary: 'Move several runs to the bin',
        answers: { 200: bulkAnswer },
        refuses: [403, 413, 415, 507],
      }),
      requireJson,
      jsonBody(namedRunsRequest),
      async (c) => {
        const answer = await act(c.req.valid('json').ids, async (id) => {
          await requireRun(deps, id);
          await deps.supervisor.still(id, () => deps.bin.put(id));
        });
        return c.json(tell(answer), 200);
      },
    )
    .post(
      '/restore',
      describe({
        id: 'restoreRuns',
        tag,
        summary: 'Put several runs of the bin back',
        answers: { 200: bulkAnswer },
        refuses: [403, 413, 415, 507],
      }),
      requireJson,
      jsonBody(namedRunsRequest),
      async (c) => {
        const answer = await act(c.req.valid('json').ids, (id) => deps.bin.restore(id));
        return c.json(tell(answer), 200);
      },
    );
}
