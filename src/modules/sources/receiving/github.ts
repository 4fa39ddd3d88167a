import { sha256Hex } from "../../../kernel/hash.ts";
import { isJsonType, jsonOf, mediaTypeOf, recordOf, textOf } from "./body-text.rules.ts";
import type { EventDraft, HttpMessage, ReadEvent } from "./event-draft.ts";
import { malformed, unsupportedMedia } from "./malformed.ts";
import { hmacHolds, missingSignature, refusedSignature } from "./standard-webhooks.ts";

/**
 * Verifies `X-Hub-Signature-256` (docs.github.com, "Validating webhook deliveries") against any of the secrets.
 * @throws unauthenticated `sources.signature_missing`, `sources.signature_invalid`
 */
export async function verifyGithub(message: HttpMessage, secrets: readonly string[]): Promise<void> {
  const header = message.headers.get("x-hub-signature-256") ?? "";
  if (header === "") throw missingSignature("X-Hub-Signature-256");
  const hex = /^sha256=([0-9a-f]{64})$/i.exec(header)?.[1];
  if (hex === undefined) throw refusedSignature();
  const given = new Uint8Array(32);
  for (let i = 0; i < 32; i++) given[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  const encoder = new TextEncoder();
  for (const secret of secrets)
    if (await hmacHolds(Uint8Array.from(encoder.encode(secret)), given, message.body)) return;
  throw refusedSignature();
}

/** A GitHub delivery as one event: `com.github.<event>[.<action>]`, its id the delivery's. */
export async function readGithub(message: HttpMessage): Promise<readonly ReadEvent[]> {
  const event = message.headers.get("x-github-event") ?? "";
  if (!/^[a-z0-9_]{1,100}$/.test(event))
    throw malformed("/header/X-GitHub-Event", "required", "The name of the event is missing.");
  const payload = recordOf(payloadOf(message));
  if (!payload) throw malformed("", "not_an_object", "The payload is not a JSON object.");
  const action =
    typeof payload.action === "string" && /^[\w-]{1,100}$/.test(payload.action) ? `.${payload.action}` : "";
  const repository = recordOf(payload.repository);
  const url = textIn(repository, "html_url");
  const subject = textIn(repository, "full_name");
  const draft: EventDraft = {
    id: message.headers.get("x-github-delivery") || (await sha256Hex(message.body)),
    source: url ?? "https://github.com",
    type: `com.github.${event}${action}`,
    time: null,
    datacontenttype: "application/json",
    ...(subject === undefined ? {} : { subject }),
    data: payload as NonNullable<EventDraft["data"]>,
  };
  return [{ draft }];
}

const textIn = (from: Readonly<Record<string, unknown>> | undefined, name: string): string | undefined => {
  const value = from?.[name];
  return typeof value === "string" && value !== "" && value.length <= 2048 ? value : undefined;
};

function payloadOf({ headers, body }: HttpMessage): unknown {
  const media = mediaTypeOf(headers.get("content-type"));
  if (media !== "application/x-www-form-urlencoded") {
    if (media !== "" && !isJsonType(media)) throw unsupportedMedia("Send application/json.");
    return jsonOf(body);
  }
  const payload = new URLSearchParams(textOf(body)).get("payload");
  if (payload === null) throw malformed("/payload", "required", "The form has no payload.");
  return jsonOf(new TextEncoder().encode(payload));
}
