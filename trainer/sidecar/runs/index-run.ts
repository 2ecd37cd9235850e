import type { Document } from '#core/config/document.ts';
import type { NewRunRow } from '#trainer/sidecar/db/schema.ts';
import { emptyRunView } from '#core/run/reduce.ts';
import type { RunRecord } from '#trainer/run-folder/frozen.ts';

/** The row of a run before any of its events are in the index; `config` in the form of files. */
export function toNewRow(record: RunRecord, config: Document, overrides: readonly string[]): NewRunRow {
  return {
    id: record.id,
    number: record.number,
    name: record.name,
    notebook: record.notebook,
    parent: record.parent,
    changed: JSON.stringify(record.changed),
    tags: JSON.stringify(record.tags),
    notes: '',
    conclusion: '',
    concluded_at: null,
    starred: 0,
    archived: 0,
    prose: '[]',
    created_at: record.createdAt,
    overrides: JSON.stringify(overrides),
    config: JSON.stringify(config),
    status: 'queued',
    queued_at: record.createdAt,
    view: JSON.stringify(emptyRunView()),
    last_seq: 0,
    log_offset: 0,
    log_tail: null,
    damage: null,
    quarantined: 0,
    process: null,
    deleted_at: null,
    validation_key: null,
    test_key: null,
    test_opened_at: null,
    test_opened_by: null,
  };
}
