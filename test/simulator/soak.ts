import { parseArgs } from "node:util";
import { soakEngine } from "../support/soak-engine.ts";

const { values: flags } = parseArgs({
  options: { keys: { type: "string", default: "100000" }, rounds: { type: "string", default: "10" } },
});
const { gc } = globalThis as { gc?: () => void };
console.log(`${flags.keys} live keys, half of them others in each round.`);
const report = soakEngine(
  { keys: Number(flags.keys), rounds: Number(flags.rounds), collect: () => gc?.() },
  (round) =>
    console.log(
      Object.entries(round)
        .map(([name, value]) => `${name} ${Math.round(value).toLocaleString("en-US")}`)
        .join("  "),
    ),
);
for (const complaint of report.complaints) console.error(complaint);
process.exit(report.complaints.length === 0 ? 0 : 1);
