import type { ClockPlan, PollEntry } from "./clock-plan.rules.ts";
import type { PollNote } from "./decide-polls.rules.ts";

/** A poll as people see it. Instants are epoch milliseconds. */
export interface PollView {
  readonly lineages: readonly string[];
  readonly intervalMs: number;
  readonly nextAt: number | null;
  readonly failures: number;
  /** Its source is left alone until then; 0 when it isn't. */
  readonly backOffUntil: number;
  readonly last: PollNote | null;
}

/** A poll that a consumer is to make. */
export interface PollTask {
  readonly entry: PollEntry;
  readonly dueAt: number;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/** What the clock starts for a tenant's rules: runs of schedule rules, polls of metric rules. */
export interface RuleClockPort {
  /** Replaces what the clock has to start, unless it was told of a later `generation` already. */
  plan(tenantId: string, plan: ClockPlan, generation: number): Promise<void>;
  /** Tells what the tenant published of its settings; an older version changes nothing. */
  settle(
    tenantId: string,
    version: number,
    published: Readonly<Record<string, boolean | number>>,
  ): Promise<void>;
  polls(tenantId: string, ruleId: string): Promise<readonly PollView[]>;
  /** Takes the poll that waits longest, for the caller to make; null when none may be made now. */
  next(tenantId: string): Promise<PollTask | null>;
  /** Gives back a poll that could not be told to the engine, so that it may be taken again. */
  giveBack(tenantId: string, pollId: string, dueAt: number): Promise<void>;
  /** Says what a poll came to; the engine has been told. */
  report(tenantId: string, pollId: string, note: PollNote, retryAfterMs: number): Promise<void>;
}

declare module "../../../kernel/ports/ports.ts" {
  interface Ports {
    readonly ruleClock: RuleClockPort;
  }
}
