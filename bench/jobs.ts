import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cpuMicros } from "./kit/cpu.ts";
import { type JobsServer, startJobsServer } from "./kit/jobs-server.ts";
import { median, percentile } from "./kit/stats.ts";
import { count, ms, printTable, times } from "./kit/table.ts";
import { bullmq } from "./peers/bullmq.ts";
import { pgBoss } from "./peers/pg-boss.ts";
import type { Subject } from "./peers/subject.ts";
import type { Report } from "./workers/jobs-plan.ts";

const { values: flags } = parseArgs({
  options: {
    jobs: { type: "string", default: "10000" },
    rounds: { type: "string", default: "3" },
    growth: { type: "string", default: "1000,10000,100000" },
    "no-peers": { type: "boolean", default: false },
  },
});
const jobs = Number(flags.jobs);
const rounds = Number(flags.rounds);
const singles = Math.max(1, Math.min(300, jobs));

/**
 * The product as a subject: the caller runs inside workerd, as a queue consumer does, and says each result for itself,
 * as a step does; the port sends together what is said at once.
 */
function maru(server: JobsServer, claim: number, workers: number): Subject {
  return {
    name: `Maru, ${workers} x claims of ${claim}`,
    pids: [server.pid],
    prepare: async (tenant) => void (await server.run({ kind: "limits", tenant })),
    submit: async (tenant, jobs, bulk) => {
      await server.run({ kind: "submit", tenant, jobs, bulk, inFlight: 1 });
    },
    drain: async (tenant, jobs, claim) => {
      await server.run({ kind: "drain", tenant, jobs, claim, workers, report: "each" });
    },
    flow: async (tenant, jobs) =>
      (await server.run({ kind: "flow", tenant, jobs, bulk: 100, claim, workers, report: "each" })).latencies,
    single: async (tenant, jobs) => (await server.run({ kind: "single", tenant, jobs })).latencies,
    async stop() {},
  };
}

interface Figures {
  readonly submit: number[];
  readonly flow: number[];
  readonly p50: number[];
  readonly p99: number[];
  readonly singleP50: number[];
  readonly singleP99: number[];
  readonly cpu: number[];
}

const cpuOf = (subject: Subject): number => {
  const own = process.cpuUsage();
  return subject.pids.reduce((sum, pid) => sum + (cpuMicros(pid) ?? Number.NaN), own.user + own.system);
};

async function timed<T>(work: () => Promise<T>): Promise<{ seconds: number; result: T }> {
  const startedAt = performance.now();
  const result = await work();
  return { seconds: (performance.now() - startedAt) / 1000, result };
}

async function round(subject: Subject, name: string, into: Figures): Promise<void> {
  for (const part of ["a", "b", "c"]) await subject.prepare(`${name}${part}`);
  into.submit.push(jobs / (await timed(() => subject.submit(`${name}a`, jobs, 100))).seconds);
  const before = cpuOf(subject);
  const { seconds, result } = await timed(() => subject.flow(`${name}b`, jobs));
  into.cpu.push(subject.pids.length === 0 ? Number.NaN : (cpuOf(subject) - before) / jobs);
  into.flow.push(jobs / seconds);
  into.p50.push(percentile(result, 0.5));
  into.p99.push(percentile(result, 0.99));
  const single = await subject.single(`${name}c`, singles);
  into.singleP50.push(percentile(single, 0.5));
  into.singleP99.push(percentile(single, 0.99));
}

async function compare(subjects: readonly Subject[]): Promise<void> {
  const figures = subjects.map(
    (): Figures => ({ submit: [], flow: [], p50: [], p99: [], singleP50: [], singleP99: [], cpu: [] }),
  );
  for (let i = 0; i < rounds; i++) {
    for (const [at, subject] of subjects.entries()) {
      const into = figures[at];
      if (into !== undefined) await round(subject, `r${i}s${at}`, into);
    }
  }
  const rates = figures.map(({ flow }) => median(flow));
  const peers = subjects.flatMap(({ name }, at) =>
    name.startsWith("Maru") ? [] : [{ name, rate: rates[at] ?? 0 }],
  );
  console.log(`\n${count(jobs)} jobs that do nothing, medians of ${rounds} interleaved rounds.`);
  console.log(
    "submit: hundreds, one after the other. through: submitted in hundreds and worked on at once, until the last result.",
  );
  printTable(
    [
      "",
      "submit/s",
      "through/s",
      "p50 ms",
      "p99 ms",
      "CPU us/job",
      "one by one p50",
      "p99",
      ...peers.map(({ name }) => `/ ${name}`),
    ],
    subjects.map(({ name }, at) => {
      const of = figures[at];
      if (of === undefined) return [name];
      const cpu = median(of.cpu);
      return [
        name,
        count(median(of.submit)),
        count(median(of.flow)),
        ms(median(of.p50)),
        ms(median(of.p99)),
        Number.isNaN(cpu) ? "-" : count(cpu),
        ms(median(of.singleP50)),
        ms(median(of.singleP99)),
        ...peers.map(({ rate }) => times((rates[at] ?? 0) / rate)),
      ];
    }),
  );
}

async function claims(server: JobsServer): Promise<void> {
  const kinds: readonly (readonly [
    title: string,
    claim: number,
    workers: number,
    report: Report,
    share: number,
  ])[] = [
    ["claims of 1, one worker", 1, 1, "batch", 0.1],
    ["claims of 10, one worker", 10, 1, "batch", 0.5],
    ["claims of 10, four workers", 10, 4, "batch", 1],
    ["claims of 10, four workers, each result said for itself", 10, 4, "each", 0.5],
    ["claims of 100, one worker", 100, 1, "batch", 1],
  ];
  const rows: string[][] = [];
  for (const [at, [title, claim, workers, report, share]] of kinds.entries()) {
    const [rates, cpus]: [number[], number[]] = [[], []];
    const part = Math.max(1, Math.round(jobs * share));
    for (let i = 0; i < rounds; i++) {
      const tenant = `k${at}r${i}`;
      await server.run({ kind: "limits", tenant });
      await server.run({ kind: "submit", tenant, jobs: part, bulk: 100, inFlight: 1 });
      await server.run({ kind: "settle", tenant });
      const before = cpuMicros(server.pid) ?? Number.NaN;
      const { elapsedMs } = await server.run({ kind: "drain", tenant, jobs: part, claim, workers, report });
      rates.push((part * 1000) / elapsedMs);
      cpus.push(((cpuMicros(server.pid) ?? Number.NaN) - before) / part);
    }
    rows.push([title, count(median(rates)), count(median(cpus))]);
  }
  console.log("\nMaru: jobs that wait are claimed and completed.");
  printTable(["", "jobs/s", "CPU us/job"], rows);
}

async function growth(server: JobsServer): Promise<void> {
  const sizes = flags.growth.split(",").map(Number);
  const part = Math.min(1000, ...sizes);
  const rows: string[][] = [];
  let first = Number.NaN;
  for (const size of sizes) {
    const [submits, drains, cpus]: [number[], number[], number[]] = [[], [], []];
    const tenant = `g${size}`;
    await server.run({ kind: "limits", tenant });
    const { elapsedMs } = await server.run({ kind: "submit", tenant, jobs: size, bulk: 100, inFlight: 1 });
    submits.push((elapsedMs * 1000) / size);
    await server.run({ kind: "settle", tenant });
    for (let i = 0; i < rounds; i++) {
      const before = cpuMicros(server.pid) ?? Number.NaN;
      const drain = { kind: "drain", tenant, jobs: part, claim: 10, workers: 4, report: "batch" } as const;
      drains.push(((await server.run(drain)).elapsedMs * 1000) / part);
      cpus.push(((cpuMicros(server.pid) ?? Number.NaN) - before) / part);
      await server.run({ kind: "submit", tenant, jobs: part, bulk: 100, inFlight: 1 });
      await server.run({ kind: "settle", tenant });
    }
    if (Number.isNaN(first)) first = median(cpus);
    rows.push([
      count(size),
      median(submits).toFixed(0),
      median(drains).toFixed(0),
      count(median(cpus)),
      times(median(cpus) / first),
    ]);
  }
  console.log(
    `\nMaru: the cost of a job with so many others waiting (${count(part)} of them claimed in tens and completed).`,
  );
  printTable(["waiting", "submit us/job", "drain us/job", "drain CPU us/job", "of the first"], rows);
}

const scratch = mkdtempSync(join(tmpdir(), "maru-bench-"));
console.log(
  `Node ${process.versions.node}, ${cpus().length} CPUs, load ${(loadavg()[0] ?? 0).toFixed(1)} at the start.`,
);
const server = await startJobsServer(scratch);
const peers: Subject[] = [];
try {
  // What the first calls compile belongs to no run.
  await maru(server, 100, 1).flow("warm", 5000);
  if (!flags["no-peers"]) {
    for (const make of [() => bullmq("everysec", scratch), () => bullmq("always", scratch), () => pgBoss()]) {
      const peer = await make();
      if (peer !== null) peers.push(peer);
    }
  }
  for (const [at, peer] of peers.entries()) {
    await peer.prepare(`warm${at}`);
    await peer.flow(`warm${at}`, 2000);
  }
  // Ten turns of ten steps are a full batch of the fast lane's consumer.
  await compare([maru(server, 10, 10), maru(server, 10, 4), maru(server, 100, 1), ...peers]);
  await claims(server);
  await growth(server);
  console.log(`\nLoad ${(loadavg()[0] ?? 0).toFixed(1)} at the end.`);
} finally {
  for (const peer of peers) await peer.stop().catch(() => {});
  await server.stop();
  rmSync(scratch, { recursive: true, force: true });
}
process.exit(0);
