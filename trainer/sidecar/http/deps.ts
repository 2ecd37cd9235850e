import type { Kysely } from 'kysely';
import type { Architecture } from '#core/models/registry.ts';
import type { Plan, PlanRequest } from '#core/api/plan.ts';
import type { MachineReading } from '#core/api/machine.ts';
import type { EngineReport } from '#core/engines/report.ts';
import type { Gate } from '#access/gate.ts';
import type { GuardRules } from '#core/guard/request.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import type { Cache } from '#trainer/cache/cache.ts';
import type { Bin } from '#trainer/sidecar/runs/run-bin.ts';
import type { RunMaker } from '#trainer/sidecar/runs/create.ts';
import type { Hub } from '#trainer/sidecar/runs/hub.ts';
import type { Indexer } from '#trainer/sidecar/runs/indexer.ts';
import type { Supervisor } from '#trainer/sidecar/runs/supervisor.ts';
import type { NotebookNames } from '#trainer/sidecar/runs/notebook-names.ts';
import type { RunTables } from '#trainer/sidecar/table/run-tables.ts';
import type { WorkspaceRecord } from '#trainer/sidecar/runs/workspace-record.ts';
import type { CellDesk } from '#trainer/sidecar/cell-desk.ts';
import type { CellsRequest, ResolvedCells } from '#trainer/sidecar/runs/resolve-cells.ts';
import type { DataDesk } from './data-desk.ts';

/** Everything the routes work with; made once in main.ts, or by a test. */
export interface Deps {
  readonly db: Kysely<Database>;
  readonly runsFolder: string;
  /** Folders that data may come from, the notebooks folder first. */
  readonly roots: readonly string[];
  readonly hub: Hub;
  readonly maker: RunMaker;
  readonly supervisor: Supervisor;
  readonly record: WorkspaceRecord;
  readonly names: NotebookNames;
  readonly index: Indexer;
  readonly bin: Bin;
  readonly cache: Cache;
  readonly tables: RunTables;
  /** Engines, fastest first, when they are tested, for one architecture or in general; `fresh` tests them again. */
  readonly engines: (wish: {
    readonly model?: Architecture;
    readonly fresh: boolean;
  }) => Promise<readonly EngineReport[]>;
  readonly machine: () => Promise<MachineReading>;
  readonly data: DataDesk;
  readonly cells: CellDesk;
  /** What a run of this request would come to. @throws AppError of notebook and parent */
  readonly plan: (request: PlanRequest) => Promise<Plan>;
  /** The cells of a request as far as they can be worked with. @throws AppError of notebook and parent */
  readonly resolveCells: (request: CellsRequest) => Promise<ResolvedCells>;
  readonly guard: {
    /** Asked at each request: the port is known only once the server listens. */
    readonly rules: () => GuardRules;
    /** Null where no token is asked for. */
    readonly gate: Gate | null;
  };
  readonly version: string;
  readonly log: (error: unknown) => void;
  /** Times of the stream in ms; tests shorten them. */
  readonly stream?: { readonly coalesce?: number; readonly heartbeat?: number; readonly stall?: number };
}
