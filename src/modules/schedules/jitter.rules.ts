import { sha256 } from "@noble/hashes/sha2.js";

const encoder = new TextEncoder();

/** The name of one run: a job never runs twice under the same name. */
export function runKey(jobId: string, scheduledFor: number): string {
  return `${jobId}@${new Date(scheduledFor).toISOString()}`;
}

/**
 * How much later than scheduled a run starts: in [0, jitterMs), the same whenever it is asked. The first 48 bits of
 * the SHA-256 of the run's name, modulo the jitter.
 */
export function jitterOf(jobId: string, scheduledFor: number, jitterMs: number): number {
  if (jitterMs <= 0) return 0;
  const hash = sha256(encoder.encode(runKey(jobId, scheduledFor)));
  let number = 0;
  for (const byte of hash.subarray(0, 6)) number = number * 256 + byte;
  return number % jitterMs;
}
