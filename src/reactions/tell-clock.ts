import { findPublished } from "../modules/settings/index.ts";
import type { OutboxHandler } from "./outbox-handler.ts";

/** Tells the tenant's scheduler what it published of its settings; a late message only tells the newest again. */
export const tellClock: OutboxHandler = async ({ db, ports }, { tenantId }) => {
  const { version, values } = await findPublished({ db, tenantId });
  await ports.ruleClock.settle(tenantId, version, values);
};
