import type { OutboxMessage } from "../../kernel/context.ts";

/** What a tenant's profiles allow of their providers has changed: the job object must learn it. */
export const limitsChanged: OutboxMessage = { topic: "limits.changed", payload: {} };
