import type { SourceMapping } from "../../../../contracts/sources.ts";
import { sha256Hex } from "../../../kernel/hash.ts";
import { jsonOf } from "./body-text.rules.ts";
import type { EventDraft, HttpMessage, ReadEvent } from "./event-draft.ts";
import { looseInstant } from "./instant.rules.ts";

/**
 * JSON without a format of its own: an object is one event, each item of a list is one. Where the mapping names no id,
 * it is the SHA-256 of source, raw body, sender's time and place in the list, so a repeat is a duplicate.
 * @throws malformed_request `sources.malformed`
 */
export async function readGeneric(
  message: HttpMessage,
  sourceId: string,
  mapping: SourceMapping,
): Promise<readonly ReadEvent[]> {
  const value = jsonOf(message.body);
  const bodyHash = await sha256Hex(message.body);
  const items = Array.isArray(value) ? value : [value];
  return Promise.all(
    items.map(async (item, index) => {
      const time = looseInstant(at(item, mapping.time)) ?? null;
      const made = () => sha256Hex(`${sourceId}\n${bodyHash}\n${time ?? ""}\n${index}`);
      const subject = textAt(item, mapping.subject, 2048);
      const draft: EventDraft = {
        id: textAt(item, mapping.id, 512) ?? (await made()),
        source: `/sources/${sourceId}`,
        type: textAt(item, mapping.type, 512) ?? mapping.defaultType,
        time,
        ...(subject === undefined ? {} : { subject }),
        datacontenttype: "application/json",
        data: item as NonNullable<EventDraft["data"]>,
      };
      return { draft, dataAt: Array.isArray(value) ? `/${index}` : "" };
    }),
  );
}

/** What a JSON pointer (RFC 6901) finds; undefined when there is nothing. */
function at(value: unknown, pointer: string | undefined): unknown {
  if (pointer === undefined) return undefined;
  let found = value;
  for (const part of pointer.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (found === null || typeof found !== "object" || !Object.hasOwn(found, name)) return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}

function textAt(value: unknown, pointer: string | undefined, maxLength: number): string | undefined {
  const found = at(value, pointer);
  if (typeof found === "number" && Number.isFinite(found)) return String(found);
  return typeof found === "string" && found !== "" && found.length <= maxLength ? found : undefined;
}
