import type { Db } from "../../db/db.ts";
import { ledgerTables } from "../../db/ledger-tables.ts";
import { eventRow } from "../../db/write.ts";
import { sha256Hex } from "../../kernel/hash.ts";
import { newId } from "../../kernel/ids.ts";
import { projectOf } from "../../kernel/project-reach.ts";
import type { Effect } from "./engine/effects.ts";
import { jobsPerUpsert, upsertJobs } from "./store.ts";

type Of<Kind extends Effect["kind"]> = Extract<Effect, { kind: Kind }>;

const only = <Kind extends Effect["kind"]>(effects: readonly Effect[], kind: Kind): Of<Kind>[] =>
  effects.filter((effect): effect is Of<Kind> => effect.kind === kind);

// A unit of work stays well below what D1 takes in one batch.
const statementsPerUnit = 40;

/**
 * Takes the effects that belong into the database: the read model, audit events, and webhooks as outbox messages.
 * Each is written under an id made from its key, so that repeating it changes nothing. Says how many events came in.
 */
export async function relayEffects(
  db: Db,
  tenantId: string,
  effects: readonly Effect[],
  now: Date,
): Promise<number> {
  const latest = new Map(only(effects, "index").map(({ job }) => [job.id, job]));
  const audits = await Promise.all(only(effects, "audit").map(auditRow));
  const hooks = await Promise.all(only(effects, "webhook").map((effect) => webhookRow(effect, now)));
  const jobs = [...latest.values()];
  const { events, outbox } = ledgerTables.of(db);
  const writes = [
    ...chunked(jobs, jobsPerUpsert).map(
      (part) => (q: Parameters<Parameters<Db["atomic"]>[0]>[0]) => upsertJobs(q, part),
    ),
    ...audits.map(
      (row) => (q: Parameters<Parameters<Db["atomic"]>[0]>[0]) =>
        q.insert(events).values(row).onConflictDoNothing(),
    ),
    ...hooks.map(
      (row) => (q: Parameters<Parameters<Db["atomic"]>[0]>[0]) =>
        q
          .insert(outbox)
          .values({ ...row, tenantId })
          .onConflictDoNothing(),
    ),
  ];
  for (let i = 0; i < writes.length; i += statementsPerUnit) {
    const unit = writes.slice(i, i + statementsPerUnit);
    await db.atomic((q) => unit.map((write) => write(q)));
  }
  return audits.length + hooks.length;
}

function chunked<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}

async function idFrom(prefix: string, at: number, key: string): Promise<string> {
  const hash = await sha256Hex(key);
  const bytes = Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(hash.slice(2 * i, 2 * i + 2), 16));
  return newId(prefix, at, bytes);
}

async function auditRow(effect: Of<"audit">) {
  const { audit } = effect;
  const [kind = "system", ...rest] = audit.actor.split(":");
  const projectId = effect.projectId === null ? null : projectOf(effect.projectId);
  const known = kind === "user" || kind === "api_key" || kind === "anonymous" ? kind : "system";
  return eventRow({
    id: await idFrom("evt", effect.at, `${effect.tenantId}|${effect.key}`),
    tenantId: effect.tenantId,
    actor: { kind: known, id: rest.join(":") || audit.actor },
    action: audit.action ?? effect.action,
    entity: effect.entity,
    requestId: audit.requestId ?? "",
    traceId: audit.trace?.split("-")[1] ?? "",
    now: new Date(effect.at),
    before: effect.before,
    after: effect.after,
    ...(projectId === null ? {} : { projectId }),
    ...(audit.address === undefined ? {} : { address: audit.address }),
  });
}

async function webhookRow({ key, url, secretRef, event, job }: Of<"webhook">, now: Date) {
  const id = await idFrom("out", job.createdAt, `${job.tenantId}|${key}`);
  return { id, topic: "job.webhook", payload: { id, url, secretRef, event, job }, availableAt: now };
}
