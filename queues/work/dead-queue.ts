import { Permit } from "../../src/platform/lanes.ts";
import { laneOf } from "../../src/platform/objects.ts";
import { defineQueue } from "../kit/define-queue.ts";

/** A turn that the platform gave up delivering: it goes back to its lane, and the tenant's object looks again. */
export const deadQueue = defineQueue({
  name: "maru-work-dead",
  message: Permit,
  retry: { baseMs: 5_000, capMs: 300_000, maxAttempts: 50 },
  async handle(session, { tenantId, lane, permitId }) {
    await laneOf(session.env, lane).giveBack([permitId]);
    await session.ports.jobs.execute(tenantId, { type: "tick" });
  },
});
