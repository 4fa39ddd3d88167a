import type { MaruEvent } from "../../contracts/events.ts";
import { RuleDefinition } from "../../contracts/rules.ts";
import { compileRule } from "../../src/modules/rules/engine/compile/compile-rule.ts";
import { SqlEngine } from "./sql-engine.ts";

export interface SoakPlan {
  /** Live keys that the rule may have, all of them in use. */
  readonly keys: number;
  readonly rounds: number;
  /** Collects garbage, where that can be done. */
  readonly collect: () => void;
}

export interface SoakRound {
  readonly round: number;
  readonly heapKB: number;
  readonly keys: number;
  readonly seen: number;
  readonly pages: number;
  readonly refused: number;
  readonly open: number;
}

const batch = 500;
const roundMs = 600_000;
const watched = 100;
/** Rounds until the keys that stay have as many traces as a key keeps. */
const fullAfter = 7;

/** Windows a minute wide; a host whose values are above 90 has an alert, which stays open. */
function soakRule(maxKeys: number) {
  const definition = RuleDefinition.parse({
    name: "busy",
    key: ["data.host"],
    keyLabels: ["host"],
    trigger: {
      kind: "window",
      window: { kind: "continuous", sizeMs: 60_000 },
      aggregates: { mean: { fn: "avg", over: "data.v" } },
    },
    condition: { kind: "expression", open: "mean > 90.0", close: "mean < 50.0" },
    ttlMs: roundMs * 0.6,
    dedupeTtlMs: roundMs,
    maxKeys,
  });
  const outcome = compileRule(definition, { tenantId: "tn_1", lineage: "rl_1" });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.rule;
}

/**
 * Rounds of ten minutes: half of the keys have events all the time, the others have one and fall silent for ever, so that
 * others come instead in the next round, and more than there may be. A few keys have an alert open all along. What must not happen is told in
 * `complaints`: memory or storage that grows, refusals nobody sees, an alert that is dropped.
 */
export function soakEngine(
  { keys, rounds, collect }: SoakPlan,
  tell: (round: SoakRound) => void = () => undefined,
): { readonly rounds: readonly SoakRound[]; readonly complaints: readonly string[] } {
  const engine = new SqlEngine([soakRule(keys)]);
  const found: SoakRound[] = [];
  let sent = 0;
  const send = (hosts: readonly string[], v: number, at: number) => {
    for (let from = 0; from < hosts.length; from += batch) {
      const events = hosts.slice(from, from + batch).map((host) => eventOf(sent++, host, v, at));
      settle(engine, events, at);
    }
  };
  const open = Array.from({ length: watched }, (_, i) => `open-${i}`);
  const steady = Array.from({ length: keys / 2 - watched }, (_, i) => `steady-${i}`);
  for (let round = 1; round <= rounds; round++) {
    const at = round * roundMs;
    if (round === 1) send(open, 95, at);
    send(steady, 10, at + 1_000);
    // The rest of what may be, and a hundredth too many.
    const fresh = Array.from({ length: keys / 2 + Math.ceil(keys / 100) }, (_, i) => `fresh-${round}-${i}`);
    send(fresh, 10, at + 2_000);
    const seen = look(engine, round, collect);
    found.push(seen);
    tell(seen);
    for (let after = 60_000; after < roundMs; after += 60_000) {
      if (after === roundMs / 2) send(steady, 10, at + after);
      settle(engine, [], at + after);
    }
    engine.all("delete from signals_out");
  }
  return { rounds: found, complaints: complaintsAbout(found, keys) };
}

/** Steps until nothing is left that is due. */
function settle(engine: SqlEngine, events: readonly MaruEvent[], now: number): void {
  engine.step(events, now);
  for (let i = 0; i < 10_000 && engine.wakeAt !== null && engine.wakeAt <= now; i++) engine.step([], now);
}

function eventOf(n: number, host: string, v: number, time: number): MaruEvent {
  return {
    id: `event-${n}`,
    source: "/soak",
    type: "soak",
    time,
    data: { host, v },
    tenantid: "tn_1",
    sourceid: "src_1",
    ingesttime: time,
    ingestseq: n,
    verified: "none",
  };
}

function look(engine: SqlEngine, round: number, collect: () => void): SoakRound {
  const number = (query: string) => engine.all<{ n: number }>(query)[0]?.n ?? 0;
  const { body } = engine.all<{ body: string }>("select body from shard")[0] ?? { body: "{}" };
  collect();
  return {
    round,
    heapKB: process.memoryUsage().heapUsed / 1024,
    keys: number("select count(*) as n from keys"),
    seen: number("select count(*) as n from seen"),
    pages: number("select page_count as n from pragma_page_count()"),
    refused: JSON.parse(body).rules.rl_1.counters.refusedKeys,
    open: number(
      `select count(*) as n from keys where json_extract(body, '$.instances."".status') = 'firing'`,
    ),
  };
}

function complaintsAbout(rounds: readonly SoakRound[], keys: number): string[] {
  const base = rounds[fullAfter - 1];
  const later = rounds.slice(fullAfter);
  if (base === undefined || later.length < 2) return [`Fewer than ${fullAfter + 2} rounds tell nothing.`];
  const complaints: string[] = [];
  for (const name of ["heapKB", "keys", "seen", "pages"] as const) {
    const most = Math.max(...later.map((round) => round[name]));
    const allowed = base[name] * 1.15 + (name === "heapKB" ? 4_096 : 0);
    if (most > allowed) complaints.push(`${name} grew from ${base[name]} to ${most}`);
  }
  for (const { round, open, refused, keys: live } of rounds) {
    if (open !== watched) complaints.push(`round ${round}: ${open} of ${watched} alerts are open`);
    if (refused < round * Math.ceil(keys / 100))
      complaints.push(`round ${round}: only ${refused} refusals seen`);
    if (live !== keys) complaints.push(`round ${round}: ${live} live keys, not ${keys}`);
  }
  return complaints;
}
