import type { Issue } from '#core/error.ts';

/** What a server answered when it refused, in the shape of CONTRACT 5, with the place of each issue. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly issues: readonly Issue[];

  constructor(status: number, code: string, message: string, issues: readonly Issue[] = []) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.issues = issues;
  }
}

/** What fetch needs to be here; a test gives its own. */
export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

/** Sends a request; an answer that is no 2xx, or none at all, becomes an ApiError a person can read. */
export async function send(fetcher: Fetch, path: string, init?: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetcher(path, init);
  } catch (error) {
    if (init?.signal?.aborted) throw error;
    throw new ApiError(0, 'unreachable', 'Almanac does not answer. Is it still running? (npm start)');
  }
  if (answer.ok) return answer;
  throw await toApiError(answer);
}

/** The JSON of an answer. The servers are ours and typed, so the shape is trusted here and nowhere else. */
export async function sendJson<T>(fetcher: Fetch, path: string, init?: RequestInit): Promise<T> {
  return (await (await send(fetcher, path, init)).json()) as T;
}

/** Options of a POST with a JSON body. */
export function posting(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

async function toApiError(answer: Response): Promise<ApiError> {
  const body: unknown = await answer.json().catch(() => null);
  const error = isRecord(body) && isRecord(body.error) ? body.error : {};
  const message = typeof error.message === 'string' ? error.message : `The server answered ${answer.status}`;
  const issues = Array.isArray(error.issues) ? error.issues.filter(isIssue) : [];
  return new ApiError(answer.status, typeof error.code === 'string' ? error.code : 'internal', message, issues);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isIssue(value: unknown): value is Issue {
  return isRecord(value) && typeof value.path === 'string' && typeof value.message === 'string';
}
