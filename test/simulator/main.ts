import { parseArgs } from "node:util";
import { simulate } from "./simulate.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1000" },
    seed: { type: "string" },
    lines: { type: "string", default: "60" },
  },
});
const first = values.seed === undefined ? 1 : Number(values.seed);
const count =
  values.seed !== undefined && process.argv.every((arg) => !arg.startsWith("--seeds"))
    ? 1
    : Number(values.seeds);

const lines = Number(values.lines);
let commits = 0;
let jobs = 0;
const began = performance.now();
for (let seed = first; seed < first + count; seed++) {
  const result = simulate(seed);
  commits += result.commits;
  jobs += result.jobs;
  if (result.violation !== null) {
    const tail = simulate(seed, { traced: true }).trace.slice(-lines);
    console.error(tail.map((line) => line.slice(0, 1500)).join("\n"));
    console.error(`\nseed ${seed}: ${result.violation}`);
    process.exit(1);
  }
  if ((seed - first + 1) % 100 === 0 || seed === first + count - 1) {
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`${seed - first + 1} of ${count} seeds, ${jobs} jobs, ${commits} commits, ${seconds} s`);
  }
}
console.log("every promise held");
