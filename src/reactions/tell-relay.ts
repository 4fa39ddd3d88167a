import * as z from "zod";
import type { OutboxHandler } from "./outbox-handler.ts";

const Changed = z.looseObject({ clusterId: z.string() });

/** A cluster, its agents or keys have changed: its relay reads them again. Once more does no harm. */
export const tellRelay: OutboxHandler = async ({ ports }, { tenantId, payload }) => {
  await ports.relays.refresh(tenantId, Changed.parse(payload).clusterId);
};
