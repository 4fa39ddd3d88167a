import type { Ctx } from "../../kernel/context.ts";
import type { Json } from "../../kernel/json.ts";
import type { UnitOutcomes } from "./engine/commands.ts";
import type { ClaimedStep } from "./engine/replies.ts";
import type { ChunkResults } from "./port.ts";

/** What a handler reports of its units, under its lease. */
export interface StepReport {
  readonly outcomes?: UnitOutcomes;
  /** The object that holds the results of these units. */
  readonly partRef?: string;
  /** Cost of this step so far, in micros; never falls. */
  readonly costMicros?: number;
  /** Requests and tokens really used so far. */
  readonly usage?: { readonly requests: number; readonly tokens: number };
}

/** What a handler may ask of its host while it works. */
export interface StepHost {
  readonly step: ClaimedStep;
  readonly payload: Json;
  /** Aborted when the job is being cancelled or the lease is lost. */
  readonly signal: AbortSignal;
  /** Records finished units now, so that another worker would go on after them. */
  checkpoint(report: StepReport): Promise<void>;
  /** Waits until the provider's windows have room for one call. */
  takeTokens(requests: number, tokens: number): Promise<void>;
  /** Tells all workers that the provider asked for patience. */
  reportRateLimit(retryAfterMs: number | undefined): Promise<void>;
  /** Where the results of the job's finished units are, and which units were given up. */
  results(): Promise<{ readonly chunks: readonly ChunkResults[]; readonly deadUnits: readonly number[] }>;
}

export interface StepResult extends StepReport {
  readonly resultRef?: string;
}

/** How jobs of one type are worked on. A thrown transient `AppError` is retried by the engine, any other fails. */
export interface JobHandler {
  work(ctx: Ctx, host: StepHost): Promise<StepResult>;
  /** After the last unit, for jobs that asked for it. */
  finalize?(ctx: Ctx, host: StepHost): Promise<StepResult>;
}

/** Thrown by a handler whose work goes on elsewhere: the lease is given back, and the step is claimed again without an attempt used up. */
export class StepUnfinished extends Error {
  override readonly name = "StepUnfinished";
}
