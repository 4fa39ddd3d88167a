import type { AuditInfo, PauseCommand, ReleaseSerialCommand, ResumeCommand } from "./commands.ts";
import { leaveSerial } from "./finish.rules.ts";
import { type PauseScope, pauseKey } from "./limits.ts";
import { linkKey } from "./link-keys.ts";
import type { SingleReplies } from "./replies.ts";
import { isFinal } from "./transitions.rules.ts";
import type { Work } from "./work.ts";

/** Holds a tenant, project, lane or provider: what runs goes on, nothing new starts. */
export function pause(work: Work, command: PauseCommand): SingleReplies["pause"] {
  return { ok: true, changed: setPause(work, command.scope, command.reason, command.audit) };
}

/** Ends a pause, so that what it held may start again; without one nothing changes. */
export function resume(work: Work, command: ResumeCommand): SingleReplies["resume"] {
  const key = pauseKey(command.scope);
  const before = work.config.pauses[key];
  if (before === undefined) return { ok: true, changed: false };
  const { [key]: _, ...pauses } = work.config.pauses;
  work.writeConfig({ ...work.config, pauses });
  work.audit(
    command.scope.tenantId,
    projectOf(command.scope),
    "jobs.queue.resume",
    key,
    command.audit,
    before,
    null,
  );
  return { ok: true, changed: true };
}

/** Says whether it wasn't paused before; the first reason stays. */
export function setPause(work: Work, scope: PauseScope, reason: string, audit: AuditInfo): boolean {
  const key = pauseKey(scope);
  if (work.config.pauses[key] !== undefined) return false;
  const entry = { scope, reason, at: work.now, by: audit.actor };
  work.writeConfig({ ...work.config, pauses: { ...work.config.pauses, [key]: entry } });
  work.audit(scope.tenantId, projectOf(scope), "jobs.queue.pause", key, audit, null, entry);
  return true;
}

/** Lets the jobs behind failed ones of a blocking serial key go on without a redrive. */
export function releaseSerial(work: Work, command: ReleaseSerialCommand): SingleReplies["release_serial"] {
  const { tenantId, projectId, serialKey } = command;
  const list = linkKey.serial(tenantId, projectId, serialKey);
  let changed = false;
  for (let freed = 0; freed < 100; freed++) {
    const [first] = work.store.links(list, 0, 1);
    const job = first === undefined ? undefined : work.findJob(first.jobId);
    if (job === undefined || !isFinal(job.state)) break;
    leaveSerial(work, job, projectId, serialKey);
    changed = true;
  }
  if (changed) work.audit(tenantId, projectId, "jobs.serial.release", list, command.audit, null, null);
  return { ok: true, changed };
}

function projectOf(scope: PauseScope): string | null {
  return scope.kind === "project" ? scope.name : null;
}
