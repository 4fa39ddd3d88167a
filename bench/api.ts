import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundle } from "./kit/bundle.ts";
import { cpuMicros } from "./kit/cpu.ts";
import { client } from "./kit/load.ts";
import {
  makeSecrets,
  makeTenant,
  serveWithDatabase,
  startDatabase,
  startProduct,
} from "./kit/product-server.ts";
import { median, percentile } from "./kit/stats.ts";
import { count, ms, printTable, times } from "./kit/table.ts";
import type { Server } from "./kit/workerd.ts";

const { values: flags } = parseArgs({
  options: { requests: { type: "string", default: "2000" }, rounds: { type: "string", default: "5" } },
});
const requests = Number(flags.requests);
const rounds = Number(flags.rounds);

interface Side {
  readonly server: Server;
  readonly cpu: number[];
  readonly p50: number[];
  readonly p99: number[];
}

const sideOf = (server: Server): Side => ({ server, cpu: [], p50: [], p99: [] });

async function measure(side: Side, path: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const { server, cpu, p50, p99 } = side;
  const busy = client(server.url, 8);
  const before = cpuMicros(server.pid) ?? Number.NaN;
  await busy.load(path, headers, requests);
  cpu.push(((cpuMicros(server.pid) ?? Number.NaN) - before) / requests);
  busy.close();
  const calm = client(server.url, 1);
  const taken = await calm.load(path, headers, Math.ceil(requests / 8));
  calm.close();
  p50.push(percentile(taken, 0.5));
  p99.push(percentile(taken, 0.99));
}

const scratch = mkdtempSync(join(tmpdir(), "maru-bench-"));
const servers: Server[] = [];
const started = (server: Server): Server => {
  servers.push(server);
  return server;
};
console.log(
  `Node ${process.versions.node}, ${cpus().length} CPUs, load ${(loadavg()[0] ?? 0).toFixed(1)} at the start.`,
);
try {
  const secrets = makeSecrets();
  const database = started(await startDatabase(scratch));
  const product = started(await startProduct(bundle("src/worker.ts", scratch), secrets, database, scratch));
  const bindings = { PUBLIC_KEY: `text = ${JSON.stringify(secrets.publicKey)}` };
  const bareBundle = bundle("bench/workers/hono-worker.ts", scratch);
  const bare = started(await serveWithDatabase("bare", bareBundle, bindings, {}, database, scratch));
  const { key, token } = await makeTenant(product.url, secrets);
  const cases: readonly (readonly [title: string, path: string, bearer?: string])[] = [
    ["nobody, nothing read", "/health"],
    ["API key, two reads", "/v1/me", key],
    ["access token, two reads", "/v1/me", token],
  ];
  const rows: string[][] = [];
  for (const [title, path, bearer] of cases) {
    const headers: Record<string, string> = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
    const sides = { ours: sideOf(product), bare: sideOf(bare) };
    for (const { server } of [sides.ours, sides.bare]) {
      const warm = client(server.url, 8);
      await warm.load(path, headers, requests);
      warm.close();
    }
    for (let i = 0; i < rounds; i++) {
      await measure(sides.bare, path, headers);
      await measure(sides.ours, path, headers);
    }
    const ours = median(sides.ours.cpu);
    const theirs = median(sides.bare.cpu);
    rows.push([
      title,
      count(theirs),
      count(ours),
      times(ours / theirs),
      count(ours - theirs),
      ms(median(sides.bare.p50)),
      ms(median(sides.ours.p50)),
      ms(median(sides.bare.p99)),
      ms(median(sides.ours.p99)),
    ]);
  }
  console.log(
    `\nGET over 8 connections, ${count(requests)} requests a round, medians of ${rounds} interleaved rounds; latency over one connection.`,
  );
  console.log(
    "bare: a Hono route written by hand with the same reads, hash and signature. The database is a process of its own and isn't counted.",
  );
  printTable(
    ["", "bare CPU us", "Maru CPU us", "ratio", "more", "bare p50 ms", "Maru p50", "bare p99", "Maru p99"],
    rows,
  );
  console.log(`\nLoad ${(loadavg()[0] ?? 0).toFixed(1)} at the end.`);
} finally {
  for (const server of servers) await server.stop();
  rmSync(scratch, { recursive: true, force: true });
}
process.exit(0);
