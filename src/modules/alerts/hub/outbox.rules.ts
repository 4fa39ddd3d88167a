import type { ClaimReply, HubCommand, HubReplies } from "./commands.ts";
import type { HubWork } from "./hub-work.ts";
import { refusal } from "./refusal.ts";
import type { OutboxRow } from "./rows.ts";
import { handOutAgainMs } from "./tell-channel.rules.ts";

type CommandOf<K extends HubCommand["type"]> = Extract<HubCommand, { type: K }>;

const doneKeptMs = 604_800_000;
const longestWaitMs = 60_000;
const waitMarginMs = 1_000;

/** Lets one deliverer at a time have a notification; one that may go out only once is marked sent before it is. */
export function claim(work: HubWork, { id, leaseMs, again }: CommandOf<"claim">): ClaimReply {
  const row = work.store.findNotification(id);
  if (row === undefined) return { ok: false, state: "unknown", until: null };
  if (isDone(row) !== (again ?? false)) {
    const why = row.state === "suppressed" && row.detail !== null ? { detail: row.detail } : {};
    return { ok: false, state: row.state, until: null, ...why };
  }
  if ((row.state === "claimed" || row.state === "retry") && row.due > work.now)
    return { ok: false, state: row.state, until: row.due };
  const blocked = again === true ? undefined : waitsFor(work, row);
  if (blocked !== undefined) {
    work.store.putNotification({ ...row, state: "pending", due: blocked });
    return { ok: false, state: "pending", until: blocked };
  }
  const [epoch, attempts] = [row.epoch + 1, row.attempts + 1];
  const leaseUntil = work.now + leaseMs;
  const claimed: OutboxRow = { ...row, epoch, attempts, state: "claimed", due: leaseUntil };
  if (row.notification.atMostOnce) settle(work, { ...claimed, detail: "marked before it was sent" }, "sent");
  else work.store.putNotification(claimed);
  return { ok: true, epoch, attempt: attempts, leaseUntil };
}

/** Takes a deliverer's word on what became of a notification, unless another has claimed it since. */
export function report(work: HubWork, command: CommandOf<"report">): HubReplies["report"] {
  const { id, epoch, outcome } = command;
  const row = work.store.findNotification(id);
  if (row === undefined)
    return refusal("not_found", "alerts.unknown_notification", `There is no notification ${id}.`);
  if (row.epoch !== epoch)
    return refusal("conflict", "alerts.claim_lost", "Another deliverer has claimed this notification since.");
  if (isDone(row)) return { ok: true, state: row.state };
  const detail = outcome.detail ?? null;
  if (outcome.state === "retry") {
    work.store.putNotification({ ...row, state: "retry", due: Math.max(outcome.at, work.now + 1), detail });
    return { ok: true, state: "retry" };
  }
  settle(work, { ...row, detail }, outcome.state, outcome.state === "suppressed" ? outcome.reasons : []);
  return { ok: true, state: outcome.state };
}

/** Hands out again what nobody took in time or whose retry is due, and forgets what was done long ago. */
export function handOutAgain(work: HubWork, row: OutboxRow): void {
  if (isDone(row)) {
    work.store.deleteNotification(row.id);
    return;
  }
  const { id, notification } = row;
  work.store.putNotification({ ...row, state: "pending", due: work.now + handOutAgainMs });
  work.effects.push({ type: "notify", id, channelId: notification.channelId, notification });
}

/**
 * Until when a notification waits for the one before it, so that nobody hears of an end before its beginning. One
 * whose next attempt is far off is passed over instead: what comes after it says how things stand now.
 */
function waitsFor(work: HubWork, { id, after }: OutboxRow): number | undefined {
  const before = after === undefined ? undefined : work.store.findNotification(after);
  if (before === undefined || isDone(before)) return undefined;
  if (before.state === "retry" && before.due > work.now + longestWaitMs) {
    const { next: _, ...rest } = before;
    callOff(work, rest, `Superseded by ${id}.`);
    return undefined;
  }
  return Math.max(before.due, work.now) + waitMarginMs;
}

/** Ends the way of a notification that is not to go out any more; deliverers hear of it if they have tried. */
export function callOff(work: HubWork, row: OutboxRow, detail: string): void {
  settle(work, { ...row, detail }, "suppressed");
  const { id, notification } = row;
  if (row.attempts > 0)
    work.effects.push({ type: "notify", id, channelId: notification.channelId, notification });
}

function isDone({ state }: OutboxRow): boolean {
  return state === "sent" || state === "dead" || state === "suppressed";
}

/** Ends the way of a notification, and notes it in the timelines of its alerts. */
function settle(
  work: HubWork,
  row: OutboxRow,
  state: "sent" | "dead" | "suppressed",
  reasons: readonly unknown[] = [],
): void {
  work.store.putNotification({ ...row, state, due: work.now + doneKeptMs });
  if (row.next !== undefined) letNextGo(work, row.next);
  const { channelId, alerts } = row.notification;
  const data = {
    notificationId: row.id,
    channelId,
    state,
    attempts: row.attempts,
    detail: row.detail,
    reasons,
  };
  for (const { fingerprint } of alerts) work.note(fingerprint, "delivered", data);
  work.publish(state === "sent" ? "notification.sent" : "notification.dead", row.id, data);
}

/** What waited for a notification that is done is handed out at once. */
function letNextGo(work: HubWork, id: string): void {
  const next = work.store.findNotification(id);
  if (next?.state === "pending") handOutAgain(work, next);
}
