import type { JobEvent } from "../../contracts/jobs.ts";
import type { JobRow } from "../../src/modules/jobs/engine/job-row.ts";
import type { MemoryJobStore } from "../../src/modules/jobs/engine/memory-store.ts";
import type { ClaimedStep } from "../../src/modules/jobs/engine/replies.ts";
import { checkCounters } from "./counter-checks.ts";
import type { Committed } from "./sim-object.ts";
import { Violation } from "./violation.ts";

const finals: readonly string[] = ["SUCCEEDED", "FAILED", "DEAD", "EXPIRED", "CANCELLED"];

interface Seen {
  jobSeq: number;
  state: string;
}

interface Take {
  readonly at: number;
  readonly requests: number;
  readonly tokens: number;
}

/** Watches every commit from outside, with a memory of its own, and throws at the first broken promise. */
export class Checks {
  private readonly store: () => MemoryJobStore;
  private eventSeq = 0;
  private readonly seen = new Map<string, Seen>();
  private readonly accepted = new Set<string>();
  private readonly scopes = new Map<string, string>();
  private readonly recorded = new Set<string>();
  /** By job and chunk: the token given last. */
  private readonly tokens = new Map<string, number>();
  private lastToken = 0;
  private readonly takes = new Map<string, Take[]>();
  private readonly costs = new Map<string, number>();
  private readonly jobCosts = new Map<string, number>();
  private commits = 0;

  constructor(store: () => MemoryJobStore) {
    this.store = store;
  }

  get acceptedIds(): readonly string[] {
    return [...this.accepted];
  }

  /** A minute of a clock that jumped is no minute: windows are counted anew. */
  clockJumped(): void {
    this.takes.clear();
  }

  committed({ command, decision, now }: Committed): void {
    this.commits += 1;
    for (const event of decision.events) this.event(event);
    const { reply } = decision;
    if (command.type === "submit" && "results" in reply) {
      reply.results.forEach((result, index) => {
        if (result.ok)
          this.submitted(result.jobId, command.items[index]?.idempotency?.key, command.items[index]);
      });
    }
    if (command.type === "claim" && "steps" in reply && reply.steps.length > 0) {
      const begun = decision.events
        .filter((event) => event.type === "job.started")
        .map((event) => event.jobId);
      this.granted(reply.steps, begun);
    }
    if (
      command.type === "heartbeat" ||
      command.type === "complete" ||
      command.type === "fail" ||
      command.type === "release"
    ) {
      const repeated = "repeated" in reply && reply.repeated;
      if (reply.ok && "recorded" in reply && !repeated) {
        this.reported(command.jobId, command.chunk ?? 0, command.token, reply.recorded);
      }
      this.cost(command.jobId, command.token, command.costMicros ?? 0, reply.ok && !repeated);
    }
    if (command.type === "take_tokens" && "granted" in reply && reply.granted) {
      this.taken(command.jobId, command.requests, command.tokens, now);
    }
    if (this.commits % 16 === 0) checkCounters(this.store());
  }

  private event(event: JobEvent): void {
    this.eventSeq += 1;
    if (event.seq !== this.eventSeq) throw new Violation(`event ${event.seq} follows ${this.eventSeq - 1}`);
    const before = this.seen.get(event.jobId) ?? { jobSeq: 0, state: "NEW" };
    if (event.jobSeq !== before.jobSeq + 1) {
      throw new Violation(`${event.jobId}: event ${event.jobSeq} follows ${before.jobSeq}`);
    }
    const state = typeof event.data.state === "string" ? event.data.state : before.state;
    if (finals.includes(before.state) && state !== before.state) {
      throw new Violation(`${event.jobId}: ${before.state} is final and became ${state}`);
    }
    this.seen.set(event.jobId, { jobSeq: event.jobSeq, state });
  }

  private submitted(
    jobId: string,
    key: string | undefined,
    item: { readonly tenantId: string; readonly projectId: string } | undefined,
  ): void {
    this.accepted.add(jobId);
    if (key === undefined || item === undefined) return;
    const scope = `${item.tenantId}|${item.projectId}|${key}`;
    const first = this.scopes.get(scope) ?? jobId;
    if (first !== jobId) throw new Violation(`the key ${scope} made two jobs: ${first} and ${jobId}`);
    this.scopes.set(scope, jobId);
  }

  private granted(steps: readonly ClaimedStep[], begun: readonly string[]): void {
    for (const step of steps) {
      if (step.token <= this.lastToken) throw new Violation(`token ${step.token} after ${this.lastToken}`);
      this.lastToken = step.token;
      this.tokens.set(`${step.jobId}/${step.chunk.index}`, step.token);
    }
    this.limitsHold(steps, begun);
  }

  /** Counted from the rows themselves: leases in flight, running jobs of a key, money. */
  private limitsHold(steps: readonly ClaimedStep[], begun: readonly string[]): void {
    const store = this.store();
    const config = store.readConfig();
    const jobs = this.rows();
    const leases = jobs.flatMap((job) =>
      job.chunks.flatMap((chunk) => (chunk.lease === undefined ? [] : [{ job, chunk, lease: chunk.lease }])),
    );
    for (const { tenantId, projectId, jobId, kind } of steps) {
      const limits = config.tenants[tenantId];
      const spec = jobs.find((job) => job.id === jobId)?.spec;
      const own = leases.filter(({ job }) => job.spec.tenantId === tenantId);
      within(`tenant ${tenantId}`, own.length, limits?.concurrency);
      const inProject = own.filter(({ job }) => job.spec.projectId === projectId).length;
      within(`project ${tenantId}/${projectId}`, inProject, limits?.projects?.[projectId]?.concurrency);
      const provider = spec?.needs?.provider;
      if (provider !== undefined) {
        const calling = own.filter(
          ({ job, chunk }) => job.spec.needs?.provider === provider && chunk.kind === "work",
        );
        within(`provider ${provider}`, calling.length, limits?.providers?.[provider]?.concurrency);
      }
      const key = spec?.concurrencyKey;
      if (key !== undefined && begun.includes(jobId)) {
        const running = jobs.filter(
          (job) =>
            job.spec.tenantId === tenantId &&
            job.spec.concurrencyKey === key &&
            (job.state === "LEASED" || job.state === "CANCELLING"),
        );
        within(`key ${key}`, running.length, limits?.keys?.[key] ?? limits?.keyDefault ?? 1);
      }
      if (kind === "work" && spec !== undefined && spec.unitMicros > 0)
        this.budgetHolds(tenantId, own, limits?.budget?.dayMicros);
    }
  }

  /** What is spent today and reserved stays under the limit but for what units cost more than estimated. */
  private budgetHolds(
    tenantId: string,
    leases: readonly { readonly lease: { readonly reservedMicros: number } }[],
    limit: number | undefined,
  ): void {
    if (limit === undefined) return;
    const use = this.store().readHot().tenants[tenantId]?.budget;
    const reserved = leases.reduce((sum, { lease }) => sum + lease.reservedMicros, 0);
    if (use !== undefined && use.daySpent + reserved > limit) {
      throw new Violation(
        `${tenantId} may spend ${limit} a day: ${use.daySpent} spent, ${reserved} reserved`,
      );
    }
    if (use === undefined && reserved > limit)
      throw new Violation(`${tenantId} reserved ${reserved} of ${limit}`);
  }

  private reported(jobId: string, chunk: number, token: number, recorded: readonly number[]): void {
    const current = this.tokens.get(`${jobId}/${chunk}`);
    if (current !== token)
      throw new Violation(`${jobId}/${chunk}: ${token} was accepted, ${current} holds it`);
    for (const unit of recorded) {
      const key = `${jobId}#${unit}`;
      if (this.recorded.has(key)) throw new Violation(`the result of ${key} was recorded twice`);
      this.recorded.add(key);
    }
  }

  /** A job's cost grows by what a report adds to the cost of its token, once; late reports may count or be unknown. */
  private cost(jobId: string, token: number, reportedMicros: number, accepted: boolean): void {
    const job = this.store().findJob(jobId);
    if (job === undefined) return;
    const before = this.jobCosts.get(jobId) ?? 0;
    const key = `${jobId}/${token}`;
    const known = this.costs.get(key) ?? 0;
    const expected = Math.max(0, reportedMicros - known);
    const grown = job.costMicros - before;
    if (grown !== expected && (accepted || grown !== 0)) {
      throw new Violation(`${jobId} cost ${grown} more, the report added ${expected}`);
    }
    if (grown > 0) this.costs.set(key, known + grown);
    this.jobCosts.set(jobId, job.costMicros);
  }

  private taken(jobId: string, requests: number, tokens: number, now: number): void {
    const store = this.store();
    const spec = store.findJob(jobId)?.spec;
    if (spec?.needs === undefined) return;
    const { tenantId, needs } = spec;
    const key = `${tenantId}|${needs.provider}`;
    const takes = [...(this.takes.get(key) ?? []), { at: now, requests, tokens }];
    this.takes.set(key, takes);
    const limits = store.readConfig().tenants[tenantId]?.providers?.[needs.provider];
    const recent = takes.filter(({ at }) => at > now - 60_000 && at <= now);
    within(`requests to ${key}`, sum(recent.map((take) => take.requests)), limits?.requestsPerMinute);
    within(`tokens to ${key}`, sum(recent.map((take) => take.tokens)), limits?.tokensPerMinute);
  }

  private rows(): JobRow[] {
    const store = this.store();
    return store.allJobIds().flatMap((id) => store.findJob(id) ?? []);
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function within(what: string, count: number, limit: number | undefined): void {
  if (limit !== undefined && count > limit)
    throw new Violation(`${what}: ${count} where ${limit} are allowed`);
}
