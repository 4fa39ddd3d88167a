import type { ReadDb } from "../../../src/db/db.ts";
import type { Actor, Change, Ctx } from "../../../src/kernel/context.ts";
import { newId } from "../../../src/kernel/ids.ts";
import type { ClustersPort } from "../../../src/kernel/ports/clusters.ts";
import type { Ports } from "../../../src/kernel/ports/ports.ts";
import { continueTrace } from "../../../src/kernel/trace.ts";

/** A context over one cluster, for operations that need no database; what they write as events is kept. */
export function harvesterCtx(
  clusters: ClustersPort,
  more: Partial<Ctx> = {},
): Ctx & { readonly events: Change[] } {
  const events: Change[] = [];
  const actor: Actor = { kind: "user", id: "usr_test", tenantId: "ten_test", grants: ["*"] };
  const now = new Date();
  const ctx: Ctx & { readonly events: Change[] } = {
    tenantId: actor.tenantId,
    actor,
    action: "harvester.test",
    requestId: newId("req", now),
    trace: continueTrace(null),
    now,
    ports: { clusters } as unknown as Ports,
    log: () => {},
    newId: (prefix: string) => newId(prefix, now),
    db: noDb,
    events,
    async write(change: Change) {
      events.push(change);
    },
    actingAs: () => ctx,
    ...more,
  };
  return ctx;
}

const noDb = new Proxy({} as ReadDb, {
  get() {
    throw new Error("this context has no database");
  },
});
