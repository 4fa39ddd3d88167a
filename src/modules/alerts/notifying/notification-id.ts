import { hashParts } from "../hash-parts.ts";

/**
 * The id of a notification: a hash of what it is about, never of when it was computed, so that a decision that is
 * made anew after a crash has the same id.
 */
export function notificationId(
  tenantId: string,
  groupKey: string,
  channelId: string,
  scheduledFor: number,
  generation: number,
): string {
  return `ntf_${hashParts([tenantId, groupKey, channelId, scheduledFor, generation]).slice(0, 40)}`;
}
