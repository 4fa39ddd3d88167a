import { existsSync, readFileSync } from "node:fs";

/** Clock ticks a second of the kernel's accounting; 100 on every Linux that runs Node. */
const ticksPerSecond = 100;

/** CPU time that a process has used so far, user and system, in microseconds; null where /proc isn't there. */
export function cpuMicros(pid: number): number | null {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return null;
  const stat = readFileSync(file, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1_000_000) / ticksPerSecond;
}
