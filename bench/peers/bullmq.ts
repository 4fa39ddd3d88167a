import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { freePort } from "../kit/workerd.ts";
import { loadPeer } from "./load-peer.ts";
import type { Subject } from "./subject.ts";

interface Queue {
  addBulk(jobs: readonly { name: string; data: unknown }[]): Promise<readonly { id?: string }[]>;
  close(): Promise<void>;
}
interface Worker {
  on(event: "completed", listener: (job: { id?: string }) => void): void;
  close(force?: boolean): Promise<void>;
}
interface BullMq {
  readonly Queue: new (name: string, options: object) => Queue;
  readonly Worker: new (name: string, process: () => Promise<number>, options: object) => Worker;
}

const data = { text: "x".repeat(200) };

/** BullMQ on a redis-server of its own with an append-only file. Null, with the reason printed, when either is missing. */
export async function bullmq(fsync: "everysec" | "always", scratch: string): Promise<Subject | null> {
  const name = `BullMQ, AOF ${fsync}`;
  const peer = loadPeer<BullMq>("bullmq");
  if (peer === null) return skip(name, "bullmq isn't installed (npm install --prefix bench/peers)");
  if (spawnSync("redis-server", ["--version"]).status !== 0) return skip(name, "there is no redis-server");
  const port = await freePort();
  const dir = join(scratch, `redis-${fsync}`);
  mkdirSync(dir);
  const args = [
    "--port",
    String(port),
    "--save",
    "",
    "--appendonly",
    "yes",
    "--appendfsync",
    fsync,
    "--dir",
    dir,
  ];
  const redis = spawn("redis-server", args, { stdio: "ignore" });
  const kill = () => redis.kill("SIGKILL");
  process.once("exit", kill);
  await untilUp(port);
  return subject(name, peer, port, redis, kill);
}

function skip(name: string, reason: string): null {
  console.log(`${name}: left out, ${reason}.`);
  return null;
}

function untilUp(port: number, tries = 200): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => resolve(void socket.destroy()));
    socket.once("error", () => {
      if (tries === 0) reject(new Error("redis-server didn't come up"));
      else setTimeout(() => untilUp(port, tries - 1).then(resolve, reject), 25);
    });
  });
}

function subject(
  name: string,
  { Queue, Worker }: BullMq,
  port: number,
  redis: ChildProcess,
  kill: () => void,
): Subject {
  const connection = { host: "127.0.0.1", port, maxRetriesPerRequest: null };
  const submitTo = async (
    queue: Queue,
    jobs: number,
    bulk: number,
    sent?: (id: string, at: number) => void,
  ) => {
    for (let from = 0; from < jobs; from += bulk) {
      const size = Math.min(bulk, jobs - from);
      const at = performance.now();
      const added = await queue.addBulk(Array.from({ length: size }, () => ({ name: "job", data })));
      for (const { id = "" } of added) sent?.(id, at);
    }
  };
  const workOn = async (
    queue: string,
    jobs: number,
    concurrency: number,
    meanwhile?: () => Promise<void>,
  ) => {
    const endedAt = new Map<string, number>();
    const worker = new Worker(queue, async () => 1, { connection, concurrency });
    const all = new Promise<void>((resolve) => {
      worker.on("completed", ({ id = "" }) => {
        endedAt.set(id, performance.now());
        if (endedAt.size === jobs) resolve();
      });
    });
    await meanwhile?.();
    await all;
    return { endedAt, close: () => worker.close(true) };
  };
  return {
    name,
    pids: [redis.pid ?? 0],
    async prepare() {},
    async submit(name, jobs, bulk) {
      const queue = new Queue(name, { connection });
      await submitTo(queue, jobs, bulk);
      await queue.close();
    },
    async drain(name, jobs, claim) {
      const { close } = await workOn(name, jobs, claim);
      void close();
    },
    async flow(name, jobs) {
      const queue = new Queue(name, { connection });
      const sentAt = new Map<string, number>();
      const { endedAt, close } = await workOn(name, jobs, 100, () =>
        submitTo(queue, jobs, 100, (id, at) => sentAt.set(id, at)),
      );
      void close();
      void queue.close();
      return [...endedAt].map(([id, at]) => at - (sentAt.get(id) ?? at));
    },
    async single(name, jobs) {
      const queue = new Queue(name, { connection });
      const latencies: number[] = [];
      let ended: (at: number) => void = () => {};
      const worker = new Worker(name, async () => 1, { connection, concurrency: 1 });
      worker.on("completed", () => ended(performance.now()));
      for (let i = 0; i < jobs; i++) {
        const at = performance.now();
        const done = new Promise<number>((resolve) => {
          ended = resolve;
        });
        await submitTo(queue, 1, 1);
        latencies.push((await done) - at);
      }
      await worker.close(true);
      await queue.close();
      return latencies;
    },
    async stop() {
      process.off("exit", kill);
      const gone = new Promise((resolve) => redis.once("exit", resolve));
      kill();
      await gone;
    },
  };
}
