import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundle } from "./kit/bundle.ts";
import { cpuMicros } from "./kit/cpu.ts";
import { client } from "./kit/load.ts";
import { makeSecrets, makeTenant, startDatabase, startProduct } from "./kit/product-server.ts";
import { residentBytes, type Side, startAgent, startBareAgent, startLoopback } from "./kit/relay-subjects.ts";
import { follow, transfer, type Way } from "./kit/relay-transfers.ts";
import { median, percentile } from "./kit/stats.ts";
import { count, ms, printTable, times } from "./kit/table.ts";

const { values: flags } = parseArgs({
  options: {
    requests: { type: "string", default: "6000" },
    rounds: { type: "string", default: "5" },
    serve: { type: "boolean", default: false },
  },
});
const requests = Number(flags.requests);
const rounds = Number(flags.rounds);
const mib = 1024 * 1024;

interface Load {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuMicros: readonly number[];
}

const cpuOf = (side: Pick<Side, "pid"> | undefined) =>
  (side === undefined ? Number.NaN : cpuMicros(side.pid)) ?? Number.NaN;

async function loadOf(way: Measured, inFlight: number): Promise<Load> {
  const { sides } = way;
  const http = client(way.url, inFlight);
  await http.load(`${way.path}/small`, way.headers, 200);
  const before = sides.map(cpuOf);
  const total = inFlight === 1 ? Math.ceil(requests / 3) : requests;
  const at = performance.now();
  const taken = await http.load(`${way.path}/small`, way.headers, total);
  const seconds = (performance.now() - at) / 1000;
  http.close();
  return {
    perSecond: total / seconds,
    p50: percentile(taken, 0.5),
    p99: percentile(taken, 0.99),
    cpuMicros: sides.map((side, i) => (cpuOf(side) - (before[i] ?? 0)) / total),
  };
}

const pause = (forMs: number) => new Promise((resolve) => setTimeout(resolve, forMs));

/** One after the other: the system itself, through the relay, and through the whole API. */
type Ways = readonly [Way, Way, Way];

/** A way with the processes whose CPU time it takes; undefined where it has no part. */
interface Measured extends Way {
  readonly sides: readonly (Pick<Side, "pid"> | undefined)[];
}

const mid = (loads: readonly Load[], read: (load: Load) => number) => median(loads.map(read));

async function calls(ways: readonly Measured[]): Promise<void> {
  const rows: string[][] = [];
  for (const inFlight of [1, 16, 64]) {
    const found = ways.map(() => [] as Load[]);
    for (let round = 0; round < rounds; round++)
      for (const [i, way] of ways.entries()) found[i]?.push(await loadOf(way, inFlight));
    const direct = found[0] ?? [];
    for (const [i, way] of ways.entries()) {
      const loads = found[i] ?? [];
      const p50 = mid(loads, (load) => load.p50);
      const perSecond = mid(loads, (load) => load.perSecond);
      rows.push([
        `${inFlight} in flight, ${way.title}`,
        ms(p50),
        ms(Math.min(...loads.map((load) => load.p50))),
        ms(mid(loads, (load) => load.p99)),
        i === 0 ? "" : ms(p50 - mid(direct, (load) => load.p50)),
        count(perSecond),
        count(Math.max(...loads.map((load) => load.perSecond))),
        times(perSecond / mid(direct, (load) => load.perSecond)),
        ...way.sides.map((side, n) =>
          side === undefined ? "" : count(mid(loads, ({ cpuMicros }) => cpuMicros[n] ?? Number.NaN)),
        ),
      ]);
    }
  }
  printTable(
    [
      "475 bytes",
      "p50 ms",
      "best",
      "p99",
      "more",
      "calls/s",
      "best",
      "ratio",
      "workerd CPU us",
      "agent",
      "upstream",
      "database",
    ],
    rows,
  );
}

async function bodies(ways: Ways, agent: Side): Promise<void> {
  const rows: string[][] = [];
  for (const direction of ["down", "up"] as const) {
    for (const size of [mib, 100 * mib]) {
      const taken = ways.map(() => [] as number[]);
      const before = residentBytes(agent.pid);
      let peak = before;
      const watching = setInterval(() => {
        peak = Math.max(peak, residentBytes(agent.pid));
      }, 20);
      for (let round = 0; round < (size === mib ? rounds * 5 : rounds); round++)
        for (const [i, way] of ways.entries()) taken[i]?.push(await transfer(way, direction, size));
      clearInterval(watching);
      const direct = median(taken[0] ?? []);
      for (const [i, way] of ways.entries()) {
        const middle = median(taken[i] ?? []);
        const memory = i === 1 ? [count(before / mib), count(peak / mib)] : ["", ""];
        rows.push([
          `${size / mib} MiB ${direction}, ${way.title}`,
          ms(middle),
          count(size / mib / (middle / 1000)),
          times(direct / middle),
          ...memory,
        ]);
      }
    }
  }
  printTable(["bodies", "ms", "MiB/s", "ratio", "agent MiB before", "at most"], rows);
}

async function watches([direct, relay]: Ways, agent: Side): Promise<void> {
  const rows: string[][] = [];
  const row = (title: string, ages: readonly number[], memory: string) =>
    rows.push([title, count(ages.length), ms(percentile(ages, 0.5)), ms(percentile(ages, 0.99)), memory]);
  for (const way of [direct, relay]) {
    const ages: number[] = [];
    const stop = await follow(way, 20, (age) => ages.push(age));
    await pause(6000);
    stop();
    row(`${way.title}, one stream`, ages, "");
  }
  const before = residentBytes(agent.pid);
  const ages: number[] = [];
  const stops = await Promise.all(
    Array.from({ length: 200 }, () => follow(relay, 1000, (age) => ages.push(age))),
  );
  await pause(6000);
  const during = residentBytes(agent.pid);
  for (const stop of stops) stop();
  row(`${relay.title}, 200 streams`, ages, `${count(before / mib)} -> ${count(during / mib)}`);
  printTable(["events of a watch", "events", "p50 ms", "p99 ms", "agent MiB"], rows);
}

interface Sides {
  readonly product: Pick<Side, "pid">;
  readonly agent: Side;
  readonly bareAgent: Side;
  readonly loopback: Side;
  readonly database: Pick<Side, "pid">;
}

const bareTitle = "bare relay";

async function measure(ways: Ways, { product, agent, bareAgent, loopback, database }: Sides): Promise<void> {
  console.log(
    `\n${count(requests)} requests a round (a third of it at 1 in flight), medians of ${rounds} interleaved rounds; each call signed, checked and logged on both sides; the whole API authenticates and limits its caller too.`,
  );
  const [direct, relay, api] = ways;
  await calls([
    { ...direct, sides: [undefined, undefined, loopback, undefined] },
    { ...relay, title: bareTitle, path: "/bare", sides: [product, bareAgent, loopback, undefined] },
    { ...relay, sides: [product, agent, loopback, undefined] },
    { ...api, sides: [product, agent, loopback, database] },
  ]);
  console.log("");
  await bodies(ways, agent);
  console.log("");
  await watches(ways, agent);
  console.log(`\nLoad ${(loadavg()[0] ?? 0).toFixed(1)} at the end.`);
}

/** Leaves everything running for another caller, such as wrk. */
async function serve([direct, relay]: Ways): Promise<void> {
  for (const { title, url, path } of [direct, { ...relay, title: bareTitle, path: "/bare" }, relay])
    console.log(`${title}: ${url}${path}/small`);
  console.log("Ctrl-C ends it.");
  await once(process, "SIGINT");
}

const scratch = mkdtempSync(join(tmpdir(), "maru-bench-"));
const stops: (() => unknown)[] = [];
console.log(
  `Node ${process.versions.node}, ${cpus().length} CPUs, load ${(loadavg()[0] ?? 0).toFixed(1)} at the start.`,
);
try {
  const secrets = makeSecrets();
  const database = await startDatabase(scratch);
  stops.push(() => database.stop());
  const product = await startProduct(
    bundle("bench/workers/relay-worker.ts", scratch),
    secrets,
    database,
    scratch,
    { BARE_RELAY: "BareRelay" },
  );
  stops.push(() => product.stop());
  const { id: tenantId, key, token } = await makeTenant(product.url, secrets);
  const loopback = await startLoopback();
  stops.push(loopback.stop);
  const folder = join(scratch, "agent");
  mkdirSync(folder);
  const agent = await startAgent(product.url, key, loopback.url, folder);
  stops.push(agent.stop);
  const bareAgent = await startBareAgent(product.url, loopback.url);
  stops.push(bareAgent.stop);
  const ways: Ways = [
    { title: "direct", url: loopback.url, path: "", headers: {} },
    { title: "relay", url: product.url, path: `/relay/${tenantId}/${agent.clusterId}/loop`, headers: {} },
    {
      title: "whole API",
      url: product.url,
      path: `/v1/clusters/${agent.clusterId}/proxy/loop`,
      headers: { authorization: `Bearer ${token}` },
    },
  ];
  const sides = { product, agent, bareAgent, loopback, database };
  if (flags.serve) await serve(ways);
  else await measure(ways, sides);
} finally {
  for (const stop of stops.reverse()) await stop();
  rmSync(scratch, { recursive: true, force: true });
}
process.exit(0);
