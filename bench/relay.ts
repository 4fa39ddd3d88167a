import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundle } from "./kit/bundle.ts";
import { cpuMicros } from "./kit/cpu.ts";
import { client } from "./kit/load.ts";
import { makeSecrets, makeTenant, startDatabase, startProduct } from "./kit/product-server.ts";
import { residentBytes, type Side, startAgent, startBareAgent, startLoopback } from "./kit/relay-subjects.ts";
import { median, percentile } from "./kit/stats.ts";
import { count, ms, printTable, times } from "./kit/table.ts";

const { values: flags } = parseArgs({
  options: { requests: { type: "string", default: "6000" }, rounds: { type: "string", default: "5" } },
});
const requests = Number(flags.requests);
const rounds = Number(flags.rounds);
const mib = 1024 * 1024;

interface Way {
  readonly title: string;
  readonly url: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Load {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuMicros: readonly number[];
}

const cpuOf = (side: Side | undefined) =>
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

/** Milliseconds that one body takes, down or up; checks that all of it came. */
function transfer(way: Way, direction: "down" | "up", size: number): Promise<number> {
  const agent = new Agent({ keepAlive: false });
  const at = performance.now();
  return new Promise((resolve, reject) => {
    const path = direction === "down" ? `${way.path}/bytes?size=${size}` : `${way.path}/upload`;
    const headers = {
      ...way.headers,
      ...(direction === "up" ? { "content-type": "application/octet-stream", "content-length": size } : {}),
    };
    const outgoing = request(
      `${way.url}${path}`,
      { agent, method: direction === "down" ? "GET" : "POST", headers },
      (response) => {
        let got = 0;
        let text = "";
        response.on("data", (chunk: Buffer) => {
          got += chunk.byteLength;
          if (direction === "up" || response.statusCode !== 200) text += chunk.toString();
        });
        response.on("error", reject);
        response.on("end", () => {
          const arrived = direction === "down" ? got : (JSON.parse(text) as { size?: number }).size;
          if (response.statusCode !== 200 || arrived !== size)
            reject(
              new Error(
                `${path}: ${response.statusCode}, ${arrived} of ${size} bytes: ${text.slice(0, 300)}`,
              ),
            );
          else resolve(performance.now() - at);
        });
      },
    );
    outgoing.on("error", reject);
    if (direction === "down") outgoing.end();
    else pour(outgoing, size);
  });
}

function pour(outgoing: ReturnType<typeof request>, size: number): void {
  const block = Buffer.alloc(64 * 1024, 0x62);
  let left = size;
  const write = () => {
    while (left > 0) {
      const part = block.subarray(0, Math.min(left, block.byteLength));
      left -= part.byteLength;
      if (!outgoing.write(part)) {
        outgoing.once("drain", write);
        return;
      }
    }
    outgoing.end();
  };
  write();
}

/** Opens a stream of events and calls back with each one's age in milliseconds; the result ends it. */
function follow(way: Way, everyMs: number, seen: (ageMs: number) => void): Promise<() => void> {
  const agent = new Agent({ keepAlive: false });
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${way.url}${way.path}/watch?everyMs=${everyMs}`,
      { agent, headers: way.headers },
      (response) => {
        if (response.statusCode !== 200) {
          reject(new Error(`the watch answered ${response.statusCode}`));
          return;
        }
        let rest = "";
        response.setEncoding("utf8");
        response.on("error", () => {});
        response.on("data", (chunk: string) => {
          const now = process.hrtime.bigint();
          const lines = (rest + chunk).split("\n");
          rest = lines.pop() ?? "";
          for (const line of lines) seen(Number(now - BigInt((JSON.parse(line) as { at: string }).at)) / 1e6);
        });
        resolve(() => outgoing.destroy());
      },
    );
    outgoing.on("error", reject);
    outgoing.end();
  });
}

const pause = (forMs: number) => new Promise((resolve) => setTimeout(resolve, forMs));

/** One after the other: the system itself, through the relay, and through the whole API. */
type Ways = readonly [Way, Way, Way];

/** A way with the processes whose CPU time it takes; undefined where it has no part. */
interface Measured extends Way {
  readonly sides: readonly (Side | undefined)[];
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
        ms(mid(loads, (load) => load.p99)),
        i === 0 ? "" : ms(p50 - mid(direct, (load) => load.p50)),
        count(perSecond),
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
      "p99",
      "more",
      "calls/s",
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
  const databaseSide: Side = { pid: database.pid, stop: () => {} };
  const productSide: Side = { pid: product.pid, stop: () => {} };
  console.log(
    `\n${count(requests)} requests a round (a third of it at 1 in flight), medians of ${rounds} interleaved rounds; each call signed, checked and logged on both sides; the whole API authenticates and limits its caller too.`,
  );
  const [direct, relay, api] = ways;
  await calls([
    { ...direct, sides: [undefined, undefined, loopback, undefined] },
    {
      title: "bare relay",
      url: product.url,
      path: "/bare",
      headers: {},
      sides: [productSide, bareAgent, loopback, undefined],
    },
    { ...relay, sides: [productSide, agent, loopback, undefined] },
    { ...api, sides: [productSide, agent, loopback, databaseSide] },
  ]);
  console.log("");
  await bodies(ways, agent);
  console.log("");
  await watches(ways, agent);
  console.log(`\nLoad ${(loadavg()[0] ?? 0).toFixed(1)} at the end.`);
} finally {
  for (const stop of stops.reverse()) await stop();
  rmSync(scratch, { recursive: true, force: true });
}
process.exit(0);
