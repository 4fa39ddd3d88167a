import { cancelChildren } from "./cancel.rules.ts";
import { finish, leaveSerial, tellDependents } from "./finish.rules.ts";
import { freeKeys } from "./idempotency.rules.ts";
import type { JobRow } from "./job-row.ts";
import { linkKey } from "./link-keys.ts";
import { loseLease } from "./losses.rules.ts";
import { expirePermits } from "./permits.rules.ts";
import { admit, bringBack, place } from "./placing.rules.ts";
import { isForgettable } from "./provider.rules.ts";
import { queuePartsOf } from "./queue-key.ts";
import type { SingleReplies } from "./replies.ts";
import { settleJob } from "./settle.rules.ts";
import { isFinal } from "./transitions.rules.ts";
import type { Work } from "./work.ts";

const sweptAtOnce = 200;
const choresAtOnce = 100;
const eventLifeMs = 30 * 86_400_000;
const trimEveryMs = 3_600_000;
const trimmedAtOnce = 2_000;

/** Does what time asks for, a bounded part at once; `more` says that another tick should follow at once. */
export function tick(work: Work): SingleReplies["tick"] {
  const due = work.dueJobs(sweptAtOnce);
  for (const job of due) wake(work, job);
  expirePermits(work);
  forgetProviders(work);
  work.hasIdleFlows = true;
  trim(work);
  return { ok: true, handled: due.length, more: due.length === sweptAtOnce };
}

function wake(work: Work, job: JobRow): void {
  work.touch(job);
  if (isFinal(job.state)) {
    purge(work, job);
    return;
  }
  if (endIfTooLate(work, job)) return;
  if (job.state === "SCHEDULED") {
    if (job.runAt <= work.now) place(work, job);
    return;
  }
  let woken = false;
  for (const chunk of [...job.chunks]) {
    if (isFinal(job.state)) return;
    if (chunk.lease !== undefined && chunk.lease.until <= work.now) loseLease(work, job, chunk);
    if (chunk.wait !== undefined && chunk.wait.until <= work.now) {
      delete chunk.wait;
      chunk.state = "pending";
      woken = true;
    }
  }
  if (woken && !isFinal(job.state)) settleJob(work, job);
}

function endIfTooLate(work: Work, job: JobRow): boolean {
  if (job.state === "CANCELLING") return false;
  const { expiresAt, timeoutMs, maxTotalMs } = job.spec;
  const passed = (time: number | null) => time !== null && time <= work.now;
  const expired = job.startedAt === null && passed(expiresAt ?? null);
  const timedOut = job.startedAt !== null && timeoutMs !== undefined && passed(job.startedAt + timeoutMs);
  const tooOld = maxTotalMs !== undefined && passed(job.createdAt + maxTotalMs);
  if (!expired && !timedOut && !tooOld) return false;
  const reason = expired ? "expired" : timedOut ? "timeout" : "max_total";
  const message = expired ? "It didn't start in time." : "It didn't end in time.";
  finish(work, job, "EXPIRED", reason, { code: `jobs.${reason}`, message });
  return true;
}

/** Removes an ended job with all that names it. */
function purge(work: Work, job: JobRow): void {
  const { spec, seq, id } = job;
  const { store } = work;
  freeKeys(work, job);
  if (spec.parentId !== undefined) store.removeLink(linkKey.children(spec.parentId), seq);
  if (spec.serialKey !== undefined && job.serialSeq !== 0) {
    leaveSerial(work, job, spec.projectId, spec.serialKey);
  }
  store.removeLink(linkKey.dead(spec.tenantId), seq);
  work.remove(job);
  work.effects.push({ kind: "purged", key: `purged:${id}`, tenantId: spec.tenantId, jobId: id });
}

/** Work that one command left over: dependents, children and parked jobs of large families. */
export function runChores(work: Work): void {
  for (let round = 0; round < 20; round++) {
    const chore = work.hot.chores.shift();
    if (chore === undefined) return;
    switch (chore.kind) {
      case "dependents":
        if (tellDependents(work, chore.key, choresAtOnce) === choresAtOnce) work.hot.chores.push(chore);
        break;
      case "children": {
        const after = cancelChildren(work, chore.key, chore.after, choresAtOnce);
        if (after !== null) work.hot.chores.push({ ...chore, after });
        break;
      }
      case "afford":
        if (bringBack(work, chore.key, choresAtOnce)) work.hot.chores.push(chore);
        break;
      case "admit": {
        const [tenantId = "", ...key] = chore.key.split("|");
        if (admit(work, tenantId, key.join("|"))) work.hot.chores.push(chore);
        break;
      }
    }
  }
}

/** Drops flows that have nothing to run, run or account for, with the credit that they gathered. */
export function forgetIdleFlows(work: Work): void {
  if (!work.hasIdleFlows) return;
  const projects = new Set<string>();
  const tenants = new Set<string>();
  for (const queue of Object.keys(work.hot.queues)) {
    const { tenantId, projectKey } = queuePartsOf(queue);
    projects.add(projectKey);
    tenants.add(tenantId);
  }
  for (const [flows, active] of [
    [work.hot.projects, projects],
    [work.hot.tenants, tenants],
  ] as const) {
    for (const [key, flow] of Object.entries(flows)) {
      if (active.has(key)) continue;
      flow.credit = 0;
      if (flow.inFlight === 0 && flow.budget === undefined) delete flows[key];
    }
  }
}

function forgetProviders(work: Work): void {
  for (const [key, use] of Object.entries(work.hot.providers)) {
    if (isForgettable(use, work.now)) delete work.hot.providers[key];
  }
}

function trim(work: Work): void {
  if (work.now < work.hot.trimAt) return;
  const gone = work.store.trimEvents(work.now - eventLifeMs, trimmedAtOnce);
  work.hot.trimAt = gone >= trimmedAtOnce ? work.now : work.now + trimEveryMs;
}
