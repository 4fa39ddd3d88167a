import { setTimeout as sleep } from "node:timers/promises";
import type { Machine } from "./cli.ts";
import { ask, askHidden, readStdin } from "./terminal/ask.ts";

/** The process this runs in. */
export const thisMachine: Machine = {
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  canAsk: process.stdin.isTTY === true && process.stderr.isTTY === true,
  ask,
  askHidden,
  readStdin,
  transport: {
    fetch,
    sleep: async (ms, signal) => {
      await sleep(ms, undefined, signal ? { signal } : {});
    },
    random: Math.random,
    now: Date.now,
  },
  onInterrupt(handler) {
    process.on("SIGINT", handler);
    process.on("SIGTERM", handler);
    return () => {
      process.off("SIGINT", handler);
      process.off("SIGTERM", handler);
    };
  },
};
