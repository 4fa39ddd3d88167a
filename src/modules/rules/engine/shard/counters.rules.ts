import type { Output } from "../outputs.ts";
import type { RuleCounters } from "./shard-store.ts";

/** Counts an event that took so long from its arrival to its decision, in milliseconds. */
export function countEvent(counters: RuleCounters, latencyMs: number): void {
  counters.events += 1;
  counters.latencyMs += latencyMs;
  if (latencyMs > counters.longestLatencyMs) counters.longestLatencyMs = latencyMs;
}

/** Counts what a step said, in the counters of its rule. */
export function countOutput(counters: RuleCounters, output: Output): void {
  if (output.kind === "match") counters.matches += 1;
  else if (output.kind === "late" && !output.used) counters.late += 1;
  else if (output.kind === "health") counters.errors += 1;
  else if (output.kind === "effect" && output.suppressed.length > 0) counters.suppressed += 1;
  else if (output.kind === "transition" && output.reason !== "relabelled") {
    if (output.to === "firing" && output.from !== "recovering") counters.fired += 1;
    if (output.to === "normal" && output.from !== "pending") counters.resolved += 1;
  }
}
