import * as z from "zod";
import { problem } from "../kernel/problem.ts";
import type { Env } from "./env.ts";

/** A turn for one tenant on one lane: it names no job, the consumer asks the tenant's object what to run now. */
export const Permit = z.strictObject({
  tenantId: z.string().min(1),
  lane: z.string().min(1),
  permitId: z.string().min(1),
});
export type Permit = z.infer<typeof Permit>;

// Turns out at once: max_concurrency × max_batch_size of the lane's consumer in wrangler.toml, at most.
const lanes = { fast: 64, llm: 100, bulk: 20, watch: 100 } as const;
type Lane = keyof typeof lanes;

/**
 * The lanes there are: `fast` for work without a model, `llm` for judged work, `bulk` for what may wait, `watch` for
 * following what goes on elsewhere.
 */
export const laneNames = Object.keys(lanes) as readonly Lane[];

const isLane = (lane: string): lane is Lane => lane in lanes;

/** How many turns of a lane may be out at once. */
export function laneCapacity(lane: string): number {
  return isLane(lane) ? lanes[lane] : 0;
}

/** The queue that carries a lane's turns. */
export function laneQueue(env: Env, lane: string): Queue {
  if (lane === "fast") return env.WORK_FAST;
  if (lane === "llm") return env.WORK_LLM;
  if (lane === "bulk") return env.WORK_BULK;
  if (lane === "watch") return env.WORK_WATCH;
  throw problem("internal", "jobs.lane_unknown", `There is no lane "${lane}".`);
}
