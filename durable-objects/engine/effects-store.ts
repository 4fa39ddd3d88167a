import type { RuleEffect } from "../../contracts/rule-actions.ts";
import type {
  ClaimedEffect,
  EffectCounts,
  EffectQuery,
  EffectStep,
  EffectsPage,
  NewEffect,
} from "../../src/modules/rules/index.ts";
import type { Sql, SqlValue } from "../jobs/sql.ts";

interface EffectRow extends Record<string, SqlValue> {
  readonly seq: number;
  readonly key: string;
  readonly state: RuleEffect["state"];
  readonly attempts: number;
  readonly triesFrom: number;
  readonly nextAt: number | null;
  readonly reasons: string;
  readonly detail: string;
  readonly jobId: string | null;
  readonly body: string;
  readonly updatedAt: number;
}

const columns = `seq, key, state, attempts, tries_from as triesFrom, next_at as nextAt, reasons, detail, job_id as jobId, body,
  updated_at as updatedAt`;

/** Unsent effects of one lineage; more are held back where everybody sees it. */
const mostWaiting = 20_000;
/** Rows of what was held back, a lineage and an hour; more is only counted. */
const mostHeldBack = 1_000;
const hourMs = 3_600_000;
const mostBytes = 262_144;
const encoder = new TextEncoder();

/** What actions are to do, in the object's storage: one row a decision, whatever is replayed. */
export class EffectStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /**
   * Keeps an effect inside the transaction of its step. A key that is known is left as it is. Answers why it can never be
   * sent, where it can't.
   */
  keep(effect: NewEffect, now: number): string | undefined {
    const { key, ruleId, lineage } = effect;
    if (this.#sql.exec("select 1 from effects where key = ?", key).toArray().length > 0) return undefined;
    const full = effect.reasons.length === 0 && this.#count(lineage, "waiting") >= mostWaiting;
    const reasons = full ? ["backlog"] : effect.reasons;
    const body = JSON.stringify({ ...effect, reasons });
    const tooLarge = encoder.encode(body).byteLength > mostBytes;
    const state = reasons.length > 0 ? "suppressed" : tooLarge ? "dead" : "pending";
    if (state === "pending") this.#add(lineage, "waiting", 1);
    if (state === "dead") this.#add(lineage, "dead", 1);
    if (state === "suppressed" && !this.#holdBack(lineage, reasons, now)) return undefined;
    const fault = state === "dead" ? `What it was to send is larger than ${mostBytes} bytes.` : undefined;
    this.#sql.exec(
      `insert into effects (key, rule_id, lineage, state, reasons, next_at, detail, body, updated_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      key,
      ruleId,
      lineage,
      state,
      JSON.stringify(reasons),
      state === "pending" ? now : null,
      fault ?? "",
      tooLarge ? JSON.stringify({ ...effect, reasons, request: null }) : body,
      now,
    );
    return fault;
  }

  /** Counts what was held back; says whether it gets a row of its own. */
  #holdBack(lineage: string, reasons: readonly string[], now: number): boolean {
    this.#add(lineage, "suppressed", 1);
    for (const reason of reasons) this.#add(lineage, `suppressed:${reason}`, 1);
    const hour = `rows:${Math.floor(now / hourMs)}`;
    if (this.#count(lineage, hour) >= mostHeldBack) return false;
    this.#add(lineage, hour, 1);
    return true;
  }

  /** Takes the effect that is due the longest, until `leaseUntil`; one whose lease ran out is taken again. */
  claim(now: number, leaseUntil: number, epoch: number): ClaimedEffect | undefined {
    const [row] = this.#sql
      .exec<EffectRow>(`select ${columns} from effects where next_at <= ? order by next_at, seq limit 1`, now)
      .toArray();
    if (row === undefined) return undefined;
    const effect = JSON.parse(row.body) as NewEffect;
    const once = effect.delivery === "atMostOnce";
    this.#sql.exec(
      "update effects set state = ?, attempts = attempts + 1, next_at = ?, epoch = ?, updated_at = ? where seq = ?",
      once ? "sent" : "claimed",
      once ? null : leaseUntil,
      epoch,
      now,
      row.seq,
    );
    if (once) this.#over(effect.lineage, "sent");
    const attempt = row.attempts + 1;
    return { ...effect, seq: row.seq, attempt, tries: attempt - row.triesFrom };
  }

  /** Writes down what an attempt came to; false when another instance or attempt has it by now. */
  settle(effect: ClaimedEffect, step: EffectStep, epoch: number, now: number): boolean {
    const settled = this.#sql
      .exec(
        `update effects set state = ?, next_at = ?, detail = ?, job_id = ?, updated_at = ?
         where seq = ? and epoch = ? and attempts = ? and state in ('claimed', 'sent') returning seq`,
        step.state,
        step.state === "retry" ? step.at : null,
        step.detail,
        step.state === "sent" ? step.jobId : null,
        now,
        effect.seq,
        epoch,
        effect.attempt,
      )
      .toArray();
    if (settled.length === 0) return false;
    const { lineage, delivery } = effect;
    if (delivery === "atMostOnce") {
      if (step.state === "dead") {
        this.#add(lineage, "sent", -1);
        this.#add(lineage, "dead", 1);
      }
    } else if (step.state !== "retry") this.#over(lineage, step.state);
    return true;
  }

  #over(lineage: string, state: "sent" | "dead"): void {
    this.#add(lineage, "waiting", -1);
    this.#add(lineage, state, 1);
  }

  /** A dead effect is to be tried again, from its first attempt on; undefined when there is none such. */
  redrive(ruleId: string, key: string, now: number): RuleEffect["state"] | undefined {
    const [row] = this.#sql
      .exec<{ state: RuleEffect["state"]; lineage: string }>(
        "select state, lineage from effects where rule_id = ? and key = ?",
        ruleId,
        key,
      )
      .toArray();
    if (row?.state !== "dead") return row?.state;
    this.#sql.exec(
      "update effects set state = 'pending', tries_from = attempts, next_at = ?, updated_at = ? where key = ?",
      now,
      now,
      key,
    );
    this.#add(row.lineage, "waiting", 1);
    return row.state;
  }

  find(ruleId: string, key: string): RuleEffect | undefined {
    const [row] = this.#sql
      .exec<EffectRow>(`select ${columns} from effects where rule_id = ? and key = ?`, ruleId, key)
      .toArray();
    return row === undefined ? undefined : effectOf(row);
  }

  /** The effects of a rule, the newest first. */
  list({ ruleId, state, before, limit }: EffectQuery): EffectsPage {
    const rows = this.#sql
      .exec<EffectRow>(
        `select ${columns} from effects where rule_id = ? and seq < ? and (? is null or state = ?)
         order by seq desc limit ?`,
        ruleId,
        before ?? Number.MAX_SAFE_INTEGER,
        state ?? null,
        state ?? null,
        limit + 1,
      )
      .toArray();
    const kept = rows.slice(0, limit);
    return {
      items: kept.map(effectOf),
      before: rows.length > limit ? (kept.at(-1)?.seq ?? null) : null,
    };
  }

  /** How often effects of a lineage were sent, died or were held back, and how many wait. */
  counts(lineage: string): EffectCounts {
    const reasons: Record<string, number> = {};
    for (const { name, count } of this.#sql
      .exec<{ name: string; count: number }>(
        "select name, count from effect_counts where lineage = ? and name like 'suppressed:%' order by name",
        lineage,
      )
      .toArray())
      reasons[name.slice("suppressed:".length)] = count;
    return {
      waiting: this.#count(lineage, "waiting"),
      sent: this.#count(lineage, "sent"),
      dead: this.#count(lineage, "dead"),
      suppressed: this.#count(lineage, "suppressed"),
      reasons,
    };
  }

  nextAt(): number | null {
    const [row] = this.#sql
      .exec<{ at: number }>(
        "select next_at as at from effects where next_at is not null order by next_at limit 1",
      )
      .toArray();
    return row?.at ?? null;
  }

  /** Forgets what has been over since before an instant, some at a time; says whether there may be more. */
  sweep(before: number, limit: number): boolean {
    const gone = this.#sql
      .exec(
        `delete from effects where seq in
           (select seq from effects where next_at is null and updated_at < ? limit ?) returning seq`,
        before,
        limit,
      )
      .toArray();
    const oldest = `rows:${Math.floor(before / hourMs)}`;
    this.#sql.exec("delete from effect_counts where name like 'rows:%' and name < ?", oldest);
    return gone.length === limit;
  }

  #count(lineage: string, name: string): number {
    return (
      this.#sql
        .exec<{ count: number }>(
          "select count from effect_counts where lineage = ? and name = ?",
          lineage,
          name,
        )
        .toArray()[0]?.count ?? 0
    );
  }

  #add(lineage: string, name: string, by: number): void {
    this.#sql.exec(
      `insert into effect_counts (lineage, name, count) values (?, ?, ?)
       on conflict (lineage, name) do update set count = count + excluded.count`,
      lineage,
      name,
      by,
    );
  }
}

function effectOf({
  key,
  state,
  attempts,
  nextAt,
  reasons,
  detail,
  jobId,
  body,
  updatedAt,
}: EffectRow): RuleEffect {
  const { ruleId, version, actionId, kind, occasion, at, labels, target } = JSON.parse(body) as NewEffect;
  return {
    key,
    ruleId,
    version,
    actionId,
    kind,
    occasion,
    at: new Date(at).toISOString(),
    labels: { ...labels },
    target,
    state,
    reasons: JSON.parse(reasons) as string[],
    attempts,
    nextAt: nextAt === null ? null : new Date(nextAt).toISOString(),
    detail,
    jobId,
    updatedAt: new Date(updatedAt).toISOString(),
  };
}
