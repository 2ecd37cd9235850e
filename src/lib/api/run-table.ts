import type { KnownColumn, RunTable } from '#core/api/run-table.ts';
import { answer, sidecar } from './client.ts';
import type { Fetch } from './request.ts';

/** What of the table is asked for; see GET /runs/table. */
interface TableRequest {
  readonly filter: string;
  readonly sort: readonly string[];
  readonly columns?: readonly string[];
  readonly group: readonly string[];
  readonly baseline?: string;
  readonly offset: number;
  readonly limit: number;
  readonly since?: string;
}

/** A stretch of the table of runs. @throws ApiError where the filter or a key is wrong. */
export function readTable(fetcher: Fetch, request: TableRequest): Promise<RunTable> {
  const { filter, sort, columns, group, baseline, offset, limit, since } = request;
  const query = {
    filter,
    sort: sort.join(','),
    group: group.join(','),
    offset: String(offset),
    limit: String(limit),
    ...(columns !== undefined && { columns: columns.join(',') }),
    ...(baseline !== undefined && { baseline }),
    ...(since !== undefined && { since }),
  };
  return answer(sidecar(fetcher).runs.table.$get({ query }));
}

/** Everything that runs can be shown, sorted, filtered and grouped by. */
export async function listColumns(fetcher: Fetch): Promise<readonly KnownColumn[]> {
  return (await answer(sidecar(fetcher).runs.columns.$get())).columns;
}
