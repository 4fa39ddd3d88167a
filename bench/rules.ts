import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cpuMicros } from "./kit/cpu.ts";
import { client } from "./kit/load.ts";
import { makeSecrets, makeTenant, startDatabase } from "./kit/product-server.ts";
import { bareLoops, pureEngine, rateOf, type Take } from "./kit/rule-engine.ts";
import { definitionOf, type RuleKind, requestEvents } from "./kit/rule-subjects.ts";
import { type RulesServer, startRulesServer } from "./kit/rules-server.ts";
import { median, percentile } from "./kit/stats.ts";
import { count, ms, printTable, times } from "./kit/table.ts";
import { jsonRulesFilter } from "./peers/json-rules.ts";
import type { PlannedRule } from "./workers/rules-plan.ts";

const { values: flags } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    events: { type: "string", default: "20000" },
    growth: { type: "string", default: "100,1000,10000,100000" },
    only: { type: "string", default: "engine,host,growth,latency" },
  },
});
const rounds = Number(flags.rounds);
const events = Number(flags.events);
const parts = flags.only.split(",");
const kinds: readonly RuleKind[] = ["filter", "window", "pattern"];
const from = Date.UTC(2026, 0, 1);

async function engineAlone(): Promise<void> {
  const given = requestEvents(0, 200_000, 1_000, from);
  const jsonRules = jsonRulesFilter();
  const peer: Take = async (batch) => {
    let found = 0;
    for (const { data } of batch) found += (await jsonRules?.(data as never)) ?? 0;
    return found;
  };
  const subjects: readonly (readonly [string, RuleKind, () => Take, number])[] = [
    ["filter", "filter", () => pureEngine("filter", { dedupeTtlMs: 0 }), given.length],
    ["filter, duplicates left out", "filter", () => pureEngine("filter"), given.length],
    ...(jsonRules === null ? [] : [["filter, json-rules-engine", "filter", () => peer, 20_000] as const]),
    ["window", "window", () => pureEngine("window", { dedupeTtlMs: 0 }), given.length],
    ["pattern", "pattern", () => pureEngine("pattern", { dedupeTtlMs: 0 }), given.length / 2],
  ];
  if (jsonRules === null) console.log("json-rules-engine isn't installed: npm install --prefix bench/peers");
  const rates = subjects.map(() => [] as number[]);
  const limits: Record<RuleKind, number[]> = { filter: [], window: [], pattern: [] };
  const found: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const kind of kinds) limits[kind].push((await rateOf(bareLoops[kind](), given, 500)).rate);
    for (const [at, [, , make, size]] of subjects.entries()) {
      const outcome = await rateOf(make(), given.slice(0, size), 500);
      rates[at]?.push(outcome.rate);
      found[at] = outcome.found;
    }
  }
  console.log(`\nThe engine alone, batches of 500, 1,000 keys: events a second of one thread's CPU.`);
  printTable(
    ["", "events/s", "us/event", "decided", "bare loop/s", "of the loop"],
    subjects.map(([name, kind], at) => {
      const rate = median(rates[at] ?? []);
      const limit = median(limits[kind]);
      return [
        name,
        count(rate),
        (1e6 / rate).toFixed(2),
        count(found[at] ?? 0),
        count(limit),
        times(rate / limit),
      ];
    }),
  );
}

const planned = (kind: RuleKind | "alert", sourceIds: string[] = []): PlannedRule => ({
  ruleId: `rl_${kind}`,
  version: 1,
  lineage: `rl_${kind}`,
  stateEpoch: 0,
  definition: definitionOf(kind, { sources: { sourceIds } }),
  projectId: null,
  shadow: false,
});

interface Figures {
  readonly rates: number[];
  readonly cpu: number[];
}

/** Measures both sides in turn and gives the medians: events a second, and CPU of the server an event. */
async function sides(
  server: RulesServer,
  runs: readonly (readonly [name: string, run: (first: number) => Promise<number>])[],
  size: number,
): Promise<Map<string, { rate: number; cpu: number }>> {
  const figures = new Map(runs.map(([name]) => [name, { rates: [], cpu: [] } as Figures]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of runs) {
      const before = cpuMicros(server.pid) ?? Number.NaN;
      const seconds = await run(nextEvent(size));
      figures.get(name)?.rates.push(size / seconds);
      figures.get(name)?.cpu.push(((cpuMicros(server.pid) ?? Number.NaN) - before) / size);
    }
  }
  return new Map(
    [...figures].map(([name, { rates, cpu }]) => [name, { rate: median(rates), cpu: median(cpu) }]),
  );
}

let sent = 0;
const nextEvent = (size: number): number => {
  sent += size;
  return sent - size;
};

/** Seconds until `bodies` were taken over a few connections. */
async function post(url: string, path: string, type: string, bodies: readonly string[]): Promise<number> {
  const http = client(url, 4);
  let next = 0;
  const startedAt = performance.now();
  const sender = async () => {
    while (next < bodies.length) {
      const { status, text } = await http.call("POST", path, { "content-type": type }, bodies[next++]);
      if (status !== 200 && status !== 202) throw new Error(`${path} answered ${status}: ${text}`);
    }
  };
  await Promise.all(Array.from({ length: 4 }, sender));
  const seconds = (performance.now() - startedAt) / 1000;
  http.close();
  return seconds;
}

/** What a sender posts: CloudEvents in batches. */
function cloudEvents(first: number, size: number, batch: number): string[] {
  const now = Date.now();
  return Array.from({ length: Math.ceil(size / batch) }, (_, i) =>
    JSON.stringify(
      requestEvents(first + i * batch, batch, 1_000, now - first - size).map(
        ({ id, source, type, time, data }) => ({
          specversion: "1.0",
          id,
          source,
          type,
          time: new Date(time).toISOString(),
          data,
        }),
      ),
    ),
  );
}

/** An address for each kind of rule, which alone listens to it. */
async function openAddresses(server: RulesServer): Promise<ReadonlyMap<RuleKind, string>> {
  const tenant = await makeTenant(server.url, secrets);
  const http = client(server.url, 1);
  const addresses = new Map<RuleKind, string>();
  const rules: PlannedRule[] = [];
  for (const kind of kinds) {
    const headers = { authorization: `Bearer ${tenant.key}`, "content-type": "application/json" };
    const body = JSON.stringify({ name: kind, kind: "cloudevents", proof: "token" });
    const { text } = await http.call("POST", "/v1/sources", headers, body);
    const { id, token } = JSON.parse(text) as { id: string; token: string };
    addresses.set(kind, `/in/${id}/${token}`);
    rules.push(planned(kind, [id]));
    await server.run({ kind: "rules", tenant: `rpc-${kind}`, rules: [planned(kind)] });
  }
  await server.run({ kind: "rules", tenant: tenant.id, rules });
  http.close();
  return addresses;
}

async function host(server: RulesServer, addresses: ReadonlyMap<RuleKind, string>): Promise<void> {
  for (const batch of [1, 100, 500]) {
    const size = batch === 1 ? Math.min(2_000, events) : Math.ceil(events / batch) * batch;
    const loop = (kind: "alone" | "bare" | "engine", tenant: string) => async (first: number) =>
      (await server.run({ kind, tenant, first, events: size, batch, keys: 1_000, inFlight: 4 })).elapsedMs /
      1000;
    const type = "application/cloudevents-batch+json";
    const runs: [string, (first: number) => Promise<number>][] = [
      ["bare object, a loop of its own", loop("alone", "alone")],
      ["bare object, by RPC", loop("bare", "bare")],
      ["bare object, by HTTP", (first) => post(server.url, "/bare", type, cloudEvents(first, size, batch))],
    ];
    for (const kind of kinds) {
      runs.push([`Maru, ${kind}, by RPC`, loop("engine", `rpc-${kind}`)]);
      const path = addresses.get(kind) ?? "";
      runs.push([
        `Maru, ${kind}, by HTTP`,
        (first) => post(server.url, path, type, cloudEvents(first, size, batch)),
      ]);
    }
    const figures = await sides(server, runs, size);
    const base = figures.get("bare object, a loop of its own");
    const http = figures.get("bare object, by HTTP");
    console.log(
      `\nEvents until their decision is on disk, batches of ${batch}, 1,000 keys, ${count(size)} a round.`,
    );
    printTable(
      ["", "events/s", "CPU us/event", "of the loop", "CPU of the loop", "of HTTP", "CPU of HTTP"],
      [...figures].map(([name, { rate, cpu }]) => [
        name,
        count(rate),
        cpu.toFixed(1),
        times(rate / (base?.rate ?? Number.NaN)),
        times(cpu / (base?.cpu ?? Number.NaN)),
        times(rate / (http?.rate ?? Number.NaN)),
        times(cpu / (http?.cpu ?? Number.NaN)),
      ]),
    );
  }
}

async function growth(server: RulesServer): Promise<void> {
  const rows: string[][] = [];
  let first = Number.NaN;
  for (const keys of flags.growth.split(",").map(Number)) {
    const tenant = `growth-${keys}`;
    await server.run({ kind: "rules", tenant, rules: [planned("window")] });
    // However many keys there are, each has its next event after half a minute: their windows hold as much.
    const stepMs = 30_000 / keys;
    const warm = keys * 12;
    const pace = { from: Date.now() - (warm + rounds * 10_000) * stepMs, stepMs };
    const run = (size: number, at: number) =>
      server.run({ kind: "engine", tenant, first: at, events: size, batch: 100, keys, inFlight: 1, pace });
    await run(warm, 0);
    let at = warm;
    const [cpu, taken]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      const before = cpuMicros(server.pid) ?? Number.NaN;
      taken.push((await run(10_000, at)).elapsedMs / 10);
      cpu.push(((cpuMicros(server.pid) ?? Number.NaN) - before) / 10_000);
      at += 10_000;
    }
    if (Number.isNaN(first)) first = median(cpu);
    rows.push([count(keys), median(taken).toFixed(0), median(cpu).toFixed(0), times(median(cpu) / first)]);
  }
  console.log(
    "\nThe cost of an event with so many live keys (average of 5 minutes, one event a key in 30 s, batches of 100 keys).",
  );
  printTable(["keys", "us/event", "CPU us/event", "of the first"], rows);
}

async function latency(server: RulesServer): Promise<void> {
  const tenant = "notify";
  await server.run({ kind: "rules", tenant, rules: [planned("alert")] });
  const { latencies } = await server.run({ kind: "notify", tenant, count: 300 });
  const calm = latencies.slice(20);
  console.log("\nFrom an event to its notification in the hands of the channel's queue, no group wait.");
  printTable(
    ["notifications", "p50 ms", "p99 ms"],
    [[count(calm.length), ms(percentile(calm, 0.5)), ms(percentile(calm, 0.99))]],
  );
}

console.log(
  `Node ${process.versions.node}, ${cpus().length} CPUs, load ${(loadavg()[0] ?? 0).toFixed(1)} at the start.`,
);
if (parts.includes("engine")) await engineAlone();
const scratch = mkdtempSync(join(tmpdir(), "maru-bench-"));
const secrets = makeSecrets();
const database = await startDatabase(scratch);
const server = await startRulesServer(secrets, database, scratch);
try {
  if (parts.includes("host")) {
    await host(server, await openAddresses(server));
  }
  if (parts.includes("growth")) await growth(server);
  if (parts.includes("latency")) await latency(server);
  console.log(`\nLoad ${(loadavg()[0] ?? 0).toFixed(1)} at the end.`);
} finally {
  await server.stop();
  await database.stop();
  rmSync(scratch, { recursive: true, force: true });
}
process.exit(0);
