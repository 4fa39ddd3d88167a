import { jsonOf, recordOf } from "./body-text.rules.ts";
import type { EventDraft, HttpMessage, ReadEvent } from "./event-draft.ts";
import { looseInstant } from "./instant.rules.ts";
import { malformed } from "./malformed.ts";
import { webhookHeaders } from "./standard-webhooks.ts";

/** A Standard Webhook as one event: the id of the webhook, and `type`, `timestamp` and `data` of its body. */
export function readWebhook(message: HttpMessage, sourceId: string): readonly ReadEvent[] {
  const { id, timestamp } = webhookHeaders(message.headers);
  const body = recordOf(jsonOf(message.body));
  if (!body) throw malformed("", "not_an_object", "A webhook's body is a JSON object.");
  if (typeof body.type !== "string" || body.type === "" || body.type.length > 512)
    throw malformed("/type", "required", 'A webhook\'s body has a text "type".');
  if (id.length > 512) throw malformed("/header/webhook-id", "too_long", "At most 512 characters.");
  const draft: EventDraft = {
    id,
    source: `/sources/${sourceId}`,
    type: body.type,
    time: looseInstant(body.timestamp) ?? timestamp,
    datacontenttype: "application/json",
    data: (body.data === undefined ? body : body.data) as NonNullable<EventDraft["data"]>,
  };
  return [{ draft, dataAt: body.data === undefined ? "" : "/data" }];
}
