import type { InventoryPush } from "../../contracts/relay/push.ts";
import type { InventoryItem } from "../../src/kernel/ports/clusters.ts";
import type { InventoryPage, InventoryStep } from "../../src/modules/clusters/index.ts";
import { SqlRows } from "../alerts/sql-rows.ts";

const keptChanges = 20_000;

interface ItemRow extends Record<string, string | number | null> {
  readonly key: string;
  readonly uid: string;
  readonly version: string;
  readonly summary: string;
  readonly seenAt: number;
}

interface StepRow extends Record<string, string | number | null> {
  readonly seq: number;
  readonly at: number;
  readonly key: string;
  readonly uid: string;
  readonly version: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface InventoryQuery {
  readonly kinds: readonly string[];
  readonly namespaces?: readonly string[];
  readonly after?: string;
  readonly limit: number;
}

type Push = ReturnType<typeof InventoryPush.parse>;

/** What the agent's watches saw of a cluster, with a bounded log of changes. It outlives every disconnection. */
export class InventoryStore extends SqlRows {
  /** Takes a push in; answers what changed. The same push again changes nothing. */
  take(push: Push): InventoryStep[] {
    const steps: InventoryStep[] = [];
    for (const { key, uid, resourceVersion, summary } of push.changed) {
      const before = this.#find(key);
      const text = JSON.stringify(summary);
      const [group = "", plural = "", namespace = ""] = key.split("/");
      this.write(
        `insert into inventory (key, kind, namespace, uid, version, summary, seen_at) values (?, ?, ?, ?, ?, ?, ?)
         on conflict (key) do update set uid = excluded.uid, version = excluded.version,
           summary = excluded.summary, seen_at = excluded.seen_at`,
        key,
        `${group}/${plural}`,
        namespace,
        uid,
        resourceVersion,
        text,
        push.at,
      );
      if (before?.uid !== uid || before.summary !== text)
        steps.push(this.#note(push.at, { key, uid, version: resourceVersion }, before?.summary, text));
    }
    for (const key of [...push.removed, ...this.#missing(push)]) {
      const before = this.#find(key);
      if (before === undefined) continue;
      this.write("delete from inventory where key = ?", key);
      steps.push(this.#note(push.at, before, before.summary, undefined));
    }
    this.write("insert or replace into counters (name, value) values ('synced', ?)", push.at);
    const last = steps.at(-1);
    if (last !== undefined) this.write("delete from changes where seq <= ?", last.seq - keptChanges);
    return steps;
  }

  list({ kinds, namespaces, after = "", limit }: InventoryQuery): InventoryItem[] {
    const marks = (some: readonly string[]) => some.map(() => "?").join(", ");
    const within = namespaces === undefined ? "" : `and namespace in (${marks(namespaces)})`;
    const rows = this.all<ItemRow>(
      `select key, uid, version, summary, seen_at as seenAt from inventory
       where kind in (${marks(kinds)}) and key > ? ${within} order by key limit ?`,
      ...kinds,
      after,
      ...(namespaces ?? []),
      limit,
    );
    return rows.map(({ key, uid, version, summary, seenAt }) => ({
      key,
      uid,
      resourceVersion: version,
      summary: JSON.parse(summary) as InventoryItem["summary"],
      seenAt,
    }));
  }

  /** When the inventory was last told; null when never. */
  get syncedAt(): number | null {
    return this.all<{ value: number }>("select value from counters where name = 'synced'")[0]?.value ?? null;
  }

  changes(after: number, limit: number): InventoryPage {
    const rows = this.all<StepRow>(
      "select seq, at, key, uid, version, before, after from changes where seq > ? order by seq limit ?",
      after,
      limit,
    );
    const steps = rows.map(stepOf);
    const [kept] = this.all<{ oldest: number | null }>("select min(seq) as oldest from changes");
    return { steps, head: steps.at(-1)?.seq ?? this.head, oldest: kept?.oldest ?? 1 };
  }

  /** The number of the last change. */
  get head(): number {
    return this.all<{ seq: number | null }>("select max(seq) as seq from changes")[0]?.seq ?? 0;
  }

  #find(key: string): ItemRow | undefined {
    const select = "select key, uid, version, summary, seen_at as seenAt from inventory where key = ?";
    return this.all<ItemRow>(select, key)[0];
  }

  /** What is known of the kinds that were told in full, and wasn't told at this instant. */
  #missing({ full = [], at }: Push): string[] {
    return full.flatMap((kind) =>
      this.all<{ key: string }>("select key from inventory where kind = ? and seen_at <> ?", kind, at).map(
        ({ key }) => key,
      ),
    );
  }

  #note(
    at: number,
    { key, uid, version }: { key: string; uid: string; version: string },
    before: string | undefined,
    after: string | undefined,
  ): InventoryStep {
    const [row] = this.all<StepRow>(
      `insert into changes (at, key, uid, version, before, after) values (?, ?, ?, ?, ?, ?)
       returning seq, at, key, uid, version, before, after`,
      at,
      key,
      uid,
      version,
      before ?? null,
      after ?? null,
    );
    return stepOf(row as StepRow);
  }
}

function stepOf({ seq, at, key, uid, version, before, after }: StepRow): InventoryStep {
  return {
    seq,
    at,
    key,
    uid,
    resourceVersion: version,
    ...(before === null ? {} : { before: JSON.parse(before) as Record<string, unknown> }),
    ...(after === null ? {} : { after: JSON.parse(after) as Record<string, unknown> }),
  };
}
