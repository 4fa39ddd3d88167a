import { type Failure, type FieldProblem, problem } from "../../../kernel/problem.ts";
import type { Submission } from "./commands.ts";
import type { JobSpec, Payload } from "./job-row.ts";
import { idempotencyScope } from "./link-keys.ts";
import { isName } from "./queue-key.ts";

const dayMs = 86_400_000;
/** A larger payload must be put elsewhere and be named by `payloadRef`. */
export const maxPayloadChars = 131_072;
const inlineChars = 2_048;
const maxUnits = 1_000_000;
/** So that the open chunks of one job stay a small list. */
export const maxParallelChunks = 100;

const defaults = {
  priority: 5,
  chunkUnits: 25,
  maxParallel: 16,
  maxAttempts: 3,
  maxAgeMs: dayMs,
  maxRateWaitMs: 2 * 3_600_000,
  maxLeaseLosses: 3,
};

/** Whole numbers that a submission may carry, with their bounds. */
const ranges: Readonly<Record<string, readonly [number, number]>> = {
  priority: [0, 9],
  units: [1, maxUnits],
  chunkUnits: [1, 1_000],
  maxParallel: [1, maxParallelChunks],
  maxAttempts: [1, 100],
  maxAgeMs: [1_000, 366 * dayMs],
  maxRateWaitMs: [0, 366 * dayMs],
  maxLeaseLosses: [1, 20],
  unitMicros: [0, 1e12],
  timeoutMs: [1_000, 366 * dayMs],
  maxTotalMs: [1_000, 366 * dayMs],
};

/** Everything that is wrong with a submission, each with a pointer to its field. */
export function submissionProblems(item: Submission, now: number): FieldProblem[] {
  const found: FieldProblem[] = [];
  const refuse = (field: string, code: string, message: string) =>
    found.push({ pointer: `/${field}`, code, message });
  for (const field of ["tenantId", "projectId", "lane"] as const) {
    if (!isName(item[field]))
      refuse(field, "not_a_name", "Letters, digits and _ . : @ / - only, 120 at most.");
  }
  for (const [field, [low, high]] of Object.entries(ranges)) {
    const value = item[field as keyof Submission];
    if (value === undefined) continue;
    if (!Number.isInteger(value) || Number(value) < low || Number(value) > high) {
      refuse(field, "out_of_range", `A whole number from ${low} to ${high}.`);
    }
  }
  if (item.runAt !== undefined && !(item.runAt <= now + 366 * dayMs)) {
    refuse("runAt", "out_of_range", "At most a year ahead.");
  }
  if (item.expiresAt !== undefined && !(item.expiresAt > Math.max(now, item.runAt ?? 0))) {
    refuse("expiresAt", "out_of_range", "Later than now and than the start.");
  }
  if (item.needs !== undefined) needsProblems(item.needs, refuse);
  keyProblems(item, refuse);
  if (item.payload !== undefined && item.payloadRef !== undefined) {
    refuse("payloadRef", "ambiguous", "Give the payload or its reference, not both.");
  }
  if (item.payload !== undefined && JSON.stringify(item.payload).length > maxPayloadChars) {
    refuse(
      "payload",
      "too_large",
      `More than ${maxPayloadChars} characters: store it and name it by reference.`,
    );
  }
  return found;
}

type Refuse = (field: string, code: string, message: string) => void;

function needsProblems(needs: NonNullable<Submission["needs"]>, refuse: Refuse): void {
  if (!isName(needs.provider) || needs.provider.includes("/")) {
    refuse("needs/provider", "not_a_name", "The name of a provider.");
  }
  if (needs.model !== undefined && !isName(needs.model))
    refuse("needs/model", "not_a_name", "The name of a model.");
  for (const field of ["requests", "tokens"] as const) {
    const value = needs[field];
    if (!Number.isInteger(value) || value < 0)
      refuse(`needs/${field}`, "out_of_range", "A whole number from 0.");
  }
}

function keyProblems(item: Submission, refuse: Refuse): void {
  const keys: readonly [string, string | undefined][] = [
    ["serialKey", item.serialKey],
    ["concurrencyKey", item.concurrencyKey],
    ["dedup/key", item.dedup?.key],
    ["idempotency/key", item.idempotency?.key],
  ];
  for (const [field, key] of keys) {
    if (key !== undefined && (key === "" || key.length > 255))
      refuse(field, "out_of_range", "1 to 255 characters.");
  }
  if (item.dedup?.mode === "debounce" && !((item.dedup.debounceMs ?? 0) > 0)) {
    refuse("dedup/debounceMs", "required", "A debounce needs its quiet time.");
  }
  if ((item.dependsOn?.length ?? 0) > 100) refuse("dependsOn", "too_many", "At most 100 dependencies.");
}

/** The failure that carries everything wrong with a submission. */
export function invalidSubmission(errors: readonly FieldProblem[]): Failure {
  return problem("invalid_input", "jobs.invalid", "The job can't be accepted as it is.", { errors }).failure;
}

/** Whether a payload stands in the row itself. */
export function payloadOf(item: Pick<Submission, "payload" | "payloadRef">): Payload {
  if (item.payloadRef !== undefined) return { kind: "ref", ref: item.payloadRef };
  const value = item.payload ?? null;
  const small = typeof value !== "object" || JSON.stringify(value).length <= inlineChars;
  return small && !(typeof value === "string" && value.length > inlineChars)
    ? { kind: "inline", value }
    : { kind: "stored" };
}

/** The specification of a valid submission, defaults filled in. */
export function specOf(item: Submission): JobSpec {
  const units = item.units ?? 1;
  return {
    tenantId: item.tenantId,
    projectId: item.projectId,
    type: item.type,
    lane: item.lane,
    payload: payloadOf(item),
    priority: item.priority ?? defaults.priority,
    units,
    chunkUnits: item.chunkUnits ?? defaults.chunkUnits,
    maxParallel: item.maxParallel ?? defaults.maxParallel,
    finalize: item.finalize ?? units > 1,
    maxAttempts: item.maxAttempts ?? defaults.maxAttempts,
    maxAgeMs: item.maxAgeMs ?? defaults.maxAgeMs,
    maxRateWaitMs: item.maxRateWaitMs ?? defaults.maxRateWaitMs,
    maxLeaseLosses: item.maxLeaseLosses ?? defaults.maxLeaseLosses,
    requestedBy: item.requestedBy,
    unitMicros: item.unitMicros ?? 0,
    ...optionalOf(item),
  };
}

function optionalOf(item: Submission): Partial<JobSpec> {
  const { idempotency, dedup, dependsOn } = item;
  return {
    ...(item.needs && { needs: item.needs }),
    ...(item.expiresAt !== undefined && { expiresAt: item.expiresAt }),
    ...(item.timeoutMs !== undefined && { timeoutMs: item.timeoutMs }),
    ...(item.maxTotalMs !== undefined && { maxTotalMs: item.maxTotalMs }),
    ...(item.serialKey !== undefined && { serialKey: item.serialKey }),
    ...(item.serialPolicy !== undefined && { serialPolicy: item.serialPolicy }),
    ...(item.concurrencyKey !== undefined && { concurrencyKey: item.concurrencyKey }),
    ...(item.parentId !== undefined && { parentId: item.parentId }),
    ...(dependsOn !== undefined && dependsOn.length > 0 && { dependsOn: [...new Set(dependsOn)] }),
    ...(item.dependencyPolicy !== undefined && { dependencyPolicy: item.dependencyPolicy }),
    ...(dedup !== undefined && dedup.mode !== "none" && { dedup }),
    ...(idempotency && {
      idempotency: {
        scope: idempotencyScope(item.tenantId, item.projectId, idempotency.route, idempotency.key),
        bodyHash: idempotency.bodyHash,
      },
    }),
    ...(item.callback && { callback: item.callback }),
    ...(item.labels && { labels: item.labels }),
    ...(item.trace !== undefined && { trace: item.trace }),
  };
}
