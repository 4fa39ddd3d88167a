import { afterEach, beforeEach, expect, it } from "vitest";
import type { Db } from "../../src/db/db.ts";
import {
  findEnrolmentByToken,
  listAgentRows,
  listKeyRows,
  useEnrolment,
} from "../../src/modules/clusters/agent-store.ts";
import { mustReachNamespace, reachableNamespaces } from "../../src/modules/clusters/index.ts";
import { createCluster } from "../../src/modules/clusters/operations/create-cluster.ts";
import { createEnrolment } from "../../src/modules/clusters/operations/create-enrolment.ts";
import { listClusters } from "../../src/modules/clusters/operations/list-clusters.ts";
import { rotateKeys } from "../../src/modules/clusters/operations/rotate-keys.ts";
import { updateCluster } from "../../src/modules/clusters/operations/update-cluster.ts";
import { openCommandKey } from "../../src/modules/clusters/relay/command-keys.ts";
import {
  deleteClusterRows,
  findCluster,
  findNamespace,
  putNamespace,
} from "../../src/modules/clusters/store.ts";
import type { NamespaceRow } from "../../src/modules/clusters/tables.ts";
import { caller, refusalOf } from "../workers/support/caller.ts";
import { describeOnEachDatabase } from "../workers/support/databases.ts";

describeOnEachDatabase("clusters", (open) => {
  let db: Db;
  let me: ReturnType<typeof caller>;
  beforeEach(() => {
    db = open();
    me = caller(db);
  });
  afterEach(() => db.close());

  const make = (name: string, more: object = {}) => me.call(createCluster, { name, ...more });
  const give = (clusterId: string, namespace: string, projectId: string, before?: NamespaceRow) => {
    const row: NamespaceRow = {
      tenantId: me.tenantId,
      clusterId,
      namespace,
      projectId,
      createdBy: "user:usr_1",
      createdAt: new Date(),
      writeId: crypto.randomUUID(),
    };
    return db.atomic((q) => putNamespace(q, row, before));
  };

  it("keeps a cluster with a sealed key that signs, and changes both in versions", async () => {
    const { id } = await make("one", { namespaces: ["a", "b"] });
    expect(await findCluster(db, me.tenantId, id)).toMatchObject({ name: "one", namespaces: ["a", "b"] });
    expect(await findCluster(db, "ten_other", id)).toBeUndefined();
    const [key] = await listKeyRows(db, me.tenantId, id, new Date());
    if (key === undefined) throw new Error("no key");
    expect((await openCommandKey(me.ctxOf("test").ports.cipher, key)).usages).toEqual(["sign"]);
    const { keys } = await me.call(rotateKeys, { id, overlapHours: 1 });
    expect(keys).toMatchObject([{ validUntil: null }, { id: key.id }]);
    const later = new Date(Date.now() + 2 * 3_600_000);
    expect(await listKeyRows(db, me.tenantId, id, later)).toMatchObject([{ id: keys[0]?.id }]);
    expect(await me.call(updateCluster, { id, namespaces: null })).toMatchObject({
      version: 2,
      namespaces: null,
    });
    const refused = await refusalOf(me.call(updateCluster, { id, name: "x" }, { expectedVersion: 1 }));
    expect(refused.kind).toBe("precondition_failed");
    expect(await refusalOf(make("one"))).toMatchObject({
      code: "clusters.name_taken",
      fields: ["/name taken"],
    });
  });

  it("lets a token be used once and in time, also when two try at once", async () => {
    const { id } = await make("one");
    const made = await me.call(createEnrolment, { id });
    const row = await findEnrolmentByToken(db, made.id);
    if (row === undefined) throw new Error("no enrolment");
    expect(JSON.stringify(row)).not.toContain(made.token);
    const tries = [1, 2].map((n) => db.atomic((q) => useEnrolment(q, row, new Date(), `wr_${n}`)));
    const done = await Promise.allSettled(tries);
    expect(done.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const second = await me.call(createEnrolment, { id });
    const late = await findEnrolmentByToken(db, second.id);
    if (late === undefined) throw new Error("no enrolment");
    const after = new Date(late.expiresAt.getTime() + 1);
    await expect(db.atomic((q) => useEnrolment(q, late, after, "wr_3"))).rejects.toThrow();
  });

  it("holds actors of projects to the namespaces of their projects", async () => {
    const { id } = await make("one", { namespaces: ["a", "b"] });
    await make("two");
    await give(id, "a", "prj_1");
    await give(id, "c", "prj_1");
    await give(id, "b", "prj_2");
    const all = me.ctxOf("test");
    const held = me.ctxOf("test", { actor: { projectIds: ["prj_1"] } });
    const stranger = me.ctxOf("test", { actor: { projectIds: ["prj_3"] } });
    expect(await reachableNamespaces(all, id)).toEqual(["a", "b"]);
    expect(await reachableNamespaces(held, id)).toEqual(["a"]);
    expect((await refusalOf(reachableNamespaces(stranger, id))).code).toBe("clusters.unknown");
    await mustReachNamespace(all, id, "b");
    await mustReachNamespace(held, id, "a");
    for (const [ctx, namespace] of [
      [all, "c"],
      [held, "b"],
      [held, "c"],
      [stranger, "a"],
    ] as const)
      expect((await refusalOf(mustReachNamespace(ctx, id, namespace))).code).toBe("harvester.unknown");
    const seen = await me.call(listClusters, {}, { actor: { projectIds: ["prj_1"] } });
    expect(seen.items.map(({ name }) => name)).toEqual(["one"]);
    expect((await me.call(listClusters, { limit: 1 })).nextCursor).not.toBeNull();
  });

  it("loses the race when a namespace was given to another project meanwhile", async () => {
    const { id } = await make("one");
    await give(id, "a", "prj_1");
    const before = await findNamespace(db, me.tenantId, id, "a");
    await give(id, "a", "prj_2", before);
    await expect(give(id, "a", "prj_3", before)).rejects.toThrow();
    expect((await findNamespace(db, me.tenantId, id, "a"))?.projectId).toBe("prj_2");
  });

  it("removes everything of a cluster and nothing of another", async () => {
    const [one, two] = [await make("one"), await make("two")];
    await give(one.id, "a", "prj_1");
    await me.call(createEnrolment, { id: one.id });
    const row = await findCluster(db, me.tenantId, one.id);
    if (row === undefined) throw new Error("no cluster");
    await db.atomic((q) => deleteClusterRows(q, row));
    expect(await findCluster(db, me.tenantId, one.id)).toBeUndefined();
    expect(await listKeyRows(db, me.tenantId, one.id, new Date())).toEqual([]);
    expect(await listAgentRows(db, me.tenantId, one.id)).toEqual([]);
    expect(await listKeyRows(db, me.tenantId, two.id, new Date())).toHaveLength(1);
  });
});
