import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { type Bundle, bundle } from "./kit/bundle.ts";
import { cpuMicros } from "./kit/cpu.ts";
import { makeSecrets, startDatabase, startProduct } from "./kit/product-server.ts";
import { median } from "./kit/stats.ts";
import { count, printTable } from "./kit/table.ts";
import { type Server, serveWorkers } from "./kit/workerd.ts";

const { values: flags } = parseArgs({ options: { rounds: { type: "string", default: "7" } } });
const rounds = Number(flags.rounds);
const aimBytes = 3 * 1024 * 1024;
const aimMs = 400;

const kib = (bytes: number): string => `${count(bytes / 1024)} KiB`;

function sizes(built: Bundle): number {
  const rows = built.modules.map((name) => {
    const file = join(built.dir, name);
    return {
      name,
      bytes: statSync(file).size,
      packed: gzipSync(readFileSync(file), { level: 9 }).byteLength,
    };
  });
  const sum = (key: "bytes" | "packed") => rows.reduce((total, row) => total + row[key], 0);
  printTable(
    ["module", "size", "gzip"],
    [...rows, { name: "total", bytes: sum("bytes"), packed: sum("packed") }].map(
      ({ name, bytes, packed }) => [name, kib(bytes), kib(packed)],
    ),
  );
  return sum("packed");
}

/** CPU until the first answer of a fresh process, in milliseconds: workerd's own start, the Worker's global scope, one request. */
async function startUp(start: () => Promise<Server>): Promise<number> {
  const server = await start();
  const used = cpuMicros(server.pid) ?? Number.NaN;
  await server.stop();
  return used / 1000;
}

const scratch = mkdtempSync(join(tmpdir(), "maru-bench-"));
console.log(
  `Node ${process.versions.node}, ${cpus().length} CPUs, load ${(loadavg()[0] ?? 0).toFixed(1)} at the start.\n`,
);
const secrets = makeSecrets();
const database = await startDatabase(scratch);
try {
  const built = bundle("src/worker.ts", scratch);
  const packed = sizes(built);
  const empty = bundle("bench/workers/empty-worker.ts", scratch);
  const withProduct: number[] = [];
  const without: number[] = [];
  for (let i = 0; i < rounds; i++) {
    without.push(await startUp(() => serveWorkers([{ name: "empty", bundle: empty }], scratch)));
    withProduct.push(
      await startUp(() => startProduct(built, secrets, database, mkdtempSync(join(scratch, "start-")))),
    );
  }
  const ours = median(withProduct) - median(without);
  console.log(
    `\nCPU of workerd until its first answer, medians of ${rounds} fresh processes (in steps of 10 ms):`,
  );
  printTable(
    ["", "ms"],
    [
      ["an empty Worker", count(median(without))],
      ["the product", count(median(withProduct))],
      ["start-up of the product", count(ours)],
    ],
  );
  console.log(
    `\nOf the aims: ${((packed / aimBytes) * 100).toFixed(0)}% of 3 MiB gzip, ${((ours / aimMs) * 100).toFixed(0)}% of ${aimMs} ms.`,
  );
} finally {
  await database.stop();
  rmSync(scratch, { recursive: true, force: true });
}
