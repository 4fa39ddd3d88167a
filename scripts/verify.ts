import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const bin = (name: string) => join(root, "node_modules", ".bin", name);

/** Everything a machine can check without running the product, in the order in which it is cheapest to be wrong. */
const checks: readonly (readonly [title: string, command: string, args: readonly string[]])[] = [
  ["format and lint", bin("biome"), ["check", "."]],
  ["types of the worker", bin("tsc"), ["--noEmit", "-p", "tsconfig.json"]],
  ["types of tests and tools", bin("tsc"), ["--noEmit", "-p", "tsconfig.node.json"]],
  [
    "import zones",
    bin("depcruise"),
    [
      "--config",
      ".dependency-cruiser.cjs",
      "--output-type",
      "err",
      "src",
      "contracts",
      "durable-objects",
      "queues",
      "cli",
      "agent",
    ],
  ],
  ["dead code", bin("knip"), []],
  ["generated files", process.execPath, ["scripts/generate.ts", "--check"]],
];

let failed = 0;
for (const [title, command, args] of checks) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: "utf8" });
  console.log(`${status === 0 ? "ok  " : "FAIL"} ${title}`);
  if (status !== 0) {
    failed++;
    console.log(stdout + stderr);
  }
}
process.exit(failed === 0 ? 0 : 1);
