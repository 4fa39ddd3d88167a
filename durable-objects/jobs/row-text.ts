import type { JobRow } from "../../src/modules/jobs/engine/job-row.ts";

/** What stands in columns of its own. */
export type RowColumns = Pick<JobRow, "id" | "seq" | "spec" | "queue" | "rank" | "due">;
type Extras = Pick<JobRow, "behind" | "cancel" | "redrivenAs" | "edits">;
type Body = [
  createdAt: JobRow["createdAt"],
  state: JobRow["state"],
  reason: JobRow["reason"],
  runAt: JobRow["runAt"],
  events: JobRow["events"],
  lastEvent: JobRow["lastEvent"],
  cursor: JobRow["cursor"],
  nextChunk: JobRow["nextChunk"],
  chunks: JobRow["chunks"],
  done: JobRow["done"],
  failed: JobRow["failed"],
  skipped: JobRow["skipped"],
  costMicros: JobRow["costMicros"],
  attempt: JobRow["attempt"],
  startedAt: JobRow["startedAt"],
  finishedAt: JobRow["finishedAt"],
  waitsFor: JobRow["waitsFor"],
  hasDependents: JobRow["hasDependents"],
  hasChildren: JobRow["hasChildren"],
  serialSeq: JobRow["serialSeq"],
  slot: JobRow["slot"],
  rateSince: JobRow["rateSince"],
  resultRef: JobRow["resultRef"],
  error: JobRow["error"],
  deadUnits: JobRow["deadUnits"],
  log: JobRow["log"],
  lost: JobRow["lost"],
  endToken: JobRow["endToken"],
  extras: Extras | null,
];

/**
 * The fields of a row that have no column, as a JSON array: a row is written several times a job, and names would be
 * most of it. A new field goes to the end and gets a default in `rowOf`; no field ever changes its place.
 */
export function bodyText(job: JobRow): string {
  const body: Body = [
    job.createdAt,
    job.state,
    job.reason,
    job.runAt,
    job.events,
    job.lastEvent,
    job.cursor,
    job.nextChunk,
    job.chunks,
    job.done,
    job.failed,
    job.skipped,
    job.costMicros,
    job.attempt,
    job.startedAt,
    job.finishedAt,
    job.waitsFor,
    job.hasDependents,
    job.hasChildren,
    job.serialSeq,
    job.slot,
    job.rateSince,
    job.resultRef,
    job.error,
    job.deadUnits,
    job.log,
    job.lost,
    job.endToken,
    extrasOf(job),
  ];
  return JSON.stringify(body);
}

function extrasOf({ behind, cancel, redrivenAs, edits }: JobRow): Extras | null {
  if (behind === undefined && cancel === undefined && redrivenAs === undefined && edits === undefined)
    return null;
  return {
    ...(behind === undefined ? {} : { behind }),
    ...(cancel === undefined ? {} : { cancel }),
    ...(redrivenAs === undefined ? {} : { redrivenAs }),
    ...(edits === undefined ? {} : { edits }),
  };
}

/** The row from its columns and body, by the places that `Body` names; nothing in it is shared. */
export function rowOf({ id, seq, spec, queue, rank, due }: RowColumns, text: string): JobRow {
  const body = JSON.parse(text) as Body;
  const row: JobRow = {
    id,
    seq,
    spec,
    queue,
    rank,
    due,
    createdAt: body[0],
    state: body[1],
    reason: body[2],
    runAt: body[3],
    events: body[4],
    lastEvent: body[5],
    cursor: body[6],
    nextChunk: body[7],
    chunks: body[8],
    done: body[9],
    failed: body[10],
    skipped: body[11],
    costMicros: body[12],
    attempt: body[13],
    startedAt: body[14],
    finishedAt: body[15],
    waitsFor: body[16],
    hasDependents: body[17],
    hasChildren: body[18],
    serialSeq: body[19],
    slot: body[20],
    rateSince: body[21],
    resultRef: body[22],
    error: body[23],
    deadUnits: body[24],
    log: body[25],
    lost: body[26],
    endToken: body[27],
  };
  const extras = body[28];
  return extras === null ? row : Object.assign(row, extras);
}
