import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "../../../kernel/hash.ts";
import { canonicalJson, type Json } from "../../../kernel/json.ts";
import type { Cause, EventRef } from "./outputs.ts";

const encoder = new TextEncoder();

/** SHA-256 of the canonical JSON of some values, hexadecimal: the same values give the same text for ever. */
export function hashOf(...parts: readonly Json[]): string {
  return toHex(sha256(encoder.encode(canonicalJson(parts))));
}

/**
 * Names what happened by what made it happen, so that a replay gives the same name: the contributing events in any order,
 * the window, the scheduled time, the poll or the timer. `about` tells apart what one cause makes happen to several.
 */
export function matchIdOf(cause: Cause, ...about: readonly Json[]): string {
  switch (cause.by) {
    case "events":
      return hashOf("events", namesOf(cause.events), cause.until ?? null, ...about);
    case "window":
      return hashOf("window", cause.start, cause.end, ...about);
    case "schedule":
      return hashOf("schedule", cause.scheduledFor, ...about);
    case "samples":
      return hashOf("samples", cause.at, ...about);
    case "timer":
      return hashOf("timer", cause.at, ...about);
  }
}

function namesOf(events: readonly EventRef[]): string[] {
  return events.map(({ source, id }) => `${source}\n${id}`).sort();
}

/** The key of an effect: the same decision of the same rule lineage for the same key gives the same one. */
export function effectKeyOf(
  tenantId: string,
  lineage: string,
  key: readonly Json[],
  matchId: string,
  actionId: string,
): string {
  return hashOf(tenantId, lineage, key, matchId, actionId);
}
