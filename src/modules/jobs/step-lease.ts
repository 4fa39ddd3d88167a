import type { Ctx } from "../../kernel/context.ts";
import type { Json } from "../../kernel/json.ts";
import { problem } from "../../kernel/problem.ts";
import type { ClaimedStep } from "./engine/replies.ts";
import type { StepHost, StepReport } from "./handler.ts";
import type { ChunkResults, ResultRefs } from "./port.ts";

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A claimed step while somebody works on it: what was reported under its lease, and whether it must stop. */
export class StepLease {
  readonly #ctx: Ctx;
  readonly #step: ClaimedStep;
  readonly #abort = new AbortController();
  #told: Required<Pick<StepReport, "costMicros" | "usage">> = {
    costMicros: 0,
    usage: { requests: 0, tokens: 0 },
  };

  constructor(ctx: Ctx, step: ClaimedStep) {
    this.#ctx = ctx;
    this.#step = step;
  }

  get stopped(): boolean {
    return this.#abort.signal.aborted;
  }

  /** What every report under the lease carries. */
  facts() {
    const { jobId, token, chunk } = this.#step;
    return { jobId, token, chunk: chunk.index, ...this.#told };
  }

  remember(report: StepReport): void {
    this.#told = {
      costMicros: Math.max(this.#told.costMicros, report.costMicros ?? 0),
      usage: report.usage ?? this.#told.usage,
    };
  }

  /** Tells the engine that the work goes on, with what is finished; learns whether it may. */
  async beat(report: StepReport): Promise<void> {
    this.remember(report);
    const { outcomes, partRef } = report;
    const reply = await this.#ctx.ports.jobs.execute(this.#ctx.tenantId, {
      type: "heartbeat",
      ...this.facts(),
      ...(outcomes === undefined ? {} : { outcomes }),
      ...(partRef === undefined ? {} : { partRef }),
    });
    if (!reply.ok) this.#abort.abort(problem("conflict", reply.failure.code, reply.failure.detail));
    else if (reply.cancel) this.#cancelled();
  }

  host(payload: Json): StepHost {
    return {
      step: this.#step,
      payload,
      signal: this.#abort.signal,
      checkpoint: (report) => this.beat(report),
      takeTokens: (requests, tokens) => this.#takeTokens(requests, tokens),
      reportRateLimit: async (retryAfterMs) => {
        const { jobId, token } = this.#step;
        const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
        await this.#ctx.ports.jobs.execute(this.#ctx.tenantId, {
          type: "report_rate_limit",
          jobId,
          token,
          ...wait,
        });
      },
      results: () => this.#results(),
    };
  }

  #cancelled(): void {
    this.#abort.abort(problem("conflict", "jobs.cancelled", "The job is being cancelled."));
  }

  async #takeTokens(requests: number, tokens: number): Promise<void> {
    const { jobId, token } = this.#step;
    for (;;) {
      this.#abort.signal.throwIfAborted();
      const reply = await this.#ctx.ports.jobs.execute(this.#ctx.tenantId, {
        type: "take_tokens",
        jobId,
        token,
        requests,
        tokens,
      });
      if (!reply.ok) throw problem(reply.failure.kind, reply.failure.code, reply.failure.detail);
      if (reply.cancel) this.#cancelled();
      if (reply.granted) return;
      await pause(Math.min(reply.waitMs, 5_000));
    }
  }

  async #results() {
    const chunks: ChunkResults[] = [];
    let deadUnits: readonly number[] = [];
    for (let after: number | null = -1; after !== null; ) {
      const page: ResultRefs = await this.#ctx.ports.jobs.results(
        this.#ctx.tenantId,
        this.#step.jobId,
        after,
      );
      chunks.push(...page.chunks);
      deadUnits = page.deadUnits;
      after = page.after;
    }
    return { chunks, deadUnits };
  }
}
