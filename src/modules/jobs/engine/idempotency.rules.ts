import type { JobRow, JobSpec } from "./job-row.ts";
import type { JobStore } from "./job-store.ts";
import { linkKey } from "./link-keys.ts";
import { isFinal } from "./transitions.rules.ts";
import type { Work } from "./work.ts";

const dayMs = 86_400_000;
const aliasesAtOnce = 1_000;
const separator = "|";

type Key = NonNullable<JobSpec["idempotency"]>;

/**
 * The job that a key led to before, and whether the body was the same. A key is held for a day or for as long as its
 * job is alive, whichever is longer; after that it is free.
 */
export function jobOfKey(work: Work, key: Key): { readonly job: JobRow; readonly sameBody: boolean } | null {
  const list = linkKey.idempotency(key.scope);
  const [link] = work.store.links(list, 0, 1);
  if (link === undefined) return null;
  const [jobId = "", bodyHash] = link.jobId.split(separator);
  const job = work.findJob(jobId);
  const isFree = job === undefined || (isFinal(job.state) && work.now >= job.createdAt + dayMs);
  if (!isFree) return { job, sameBody: bodyHash === key.bodyHash };
  work.store.removeLink(list, link.seq);
  return null;
}

/** What a scope is tied to, as it stands: the job's id and the hash of the body that came with the key. */
export function heldKey(
  store: Pick<JobStore, "links">,
  scope: string,
): { readonly jobId: string; readonly bodyHash: string } | null {
  const [link] = store.links(linkKey.idempotency(scope), 0, 1);
  const [jobId, bodyHash] = link?.jobId.split(separator) ?? [];
  return jobId === undefined || bodyHash === undefined ? null : { jobId, bodyHash };
}

/** Ties the key to the job that it made. */
export function holdKey(work: Work, job: JobRow, key: Key): void {
  work.store.addLink(linkKey.idempotency(key.scope), job.seq, `${job.id}${separator}${key.bodyHash}`);
}

/** Ties a further key to a job that was there before: a submit that was answered with it stays answered with it. */
export function holdAlias(work: Work, job: JobRow, key: Key): void {
  holdKey(work, job, key);
  work.hot.permitSeq += 1;
  work.store.addLink(linkKey.aliases(job.id), work.hot.permitSeq, key.scope);
}

/** Frees the keys of a job that is removed. */
export function freeKeys(work: Work, job: JobRow): void {
  const own = job.spec.idempotency;
  if (own !== undefined) freeKey(work, job, own.scope);
  const list = linkKey.aliases(job.id);
  for (let after = 0; ; ) {
    const aliases = work.store.links(list, after, aliasesAtOnce);
    for (const { seq, jobId: scope } of aliases) {
      freeKey(work, job, scope);
      work.store.removeLink(list, seq);
      after = seq;
    }
    if (aliases.length < aliasesAtOnce) return;
  }
}

function freeKey(work: Work, job: JobRow, scope: string): void {
  work.store.removeLink(linkKey.idempotency(scope), job.seq);
}
