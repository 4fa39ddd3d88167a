import type { MaruEvent } from "../../../../contracts/events.ts";
import type { FieldProblem } from "../../../kernel/problem.ts";
import { readAttributes } from "./attributes.rules.ts";
import {
  base64Of,
  bytesOfBase64,
  isJsonType,
  jsonOf,
  mediaTypeOf,
  recordOf,
  textOf,
} from "./body-text.rules.ts";
import type { HttpMessage, ReadEvent } from "./event-draft.ts";
import { fieldProblem, malformed, unsupportedMedia } from "./malformed.ts";
import { decodeHeaderValue } from "./percent.rules.ts";

/** The three content modes of the HTTP binding of CloudEvents 1.0 (3). */
export type ContentMode = "batch" | "structured" | "binary";

/**
 * Which mode a message is in: by the prefix of its content type, else by `ce-specversion`; undefined when it is no
 * CloudEvent.
 */
export function contentModeOf(headers: HttpMessage["headers"]): ContentMode | undefined {
  const type = headers.get("content-type")?.trim().toLowerCase() ?? "";
  if (type.startsWith("application/cloudevents-batch")) return "batch";
  if (type.startsWith("application/cloudevents")) return "structured";
  return headers.has("ce-specversion") ? "binary" : undefined;
}

/**
 * Reads the events of a message in any of the three modes. An event of a batch that can't be read is told apart, the
 * others stand.
 * @throws malformed_request `sources.malformed`
 */
export function readCloudEvents(message: HttpMessage): readonly ReadEvent[] {
  const mode = contentModeOf(message.headers);
  if (mode === undefined) {
    const media = mediaTypeOf(message.headers.get("content-type"));
    if (media !== "" && !isJsonType(media))
      throw unsupportedMedia(`Send application/cloudevents+json or ce- headers, not ${media}.`);
    throw malformed(
      "/header/ce-specversion",
      "not_a_cloudevent",
      "The request is no CloudEvent in any content mode.",
    );
  }
  if (mode === "binary") return [readBinary(message)];
  mustBeJsonFormat(message.headers.get("content-type"), mode);
  const value = jsonOf(message.body);
  if (mode === "structured") return [readStructured(value, "")];
  if (!Array.isArray(value)) throw malformed("", "not_a_list", "A batch is a JSON list of events.");
  return value.map((item, index) => readStructured(item, `/${index}`));
}

function mustBeJsonFormat(contentType: string | undefined, mode: ContentMode): void {
  const media = mediaTypeOf(contentType);
  const bare = mode === "batch" ? "application/cloudevents-batch" : "application/cloudevents";
  if (media === `${bare}+json` || media === bare) return;
  throw unsupportedMedia(`Only the JSON event format is understood, not ${media}.`);
}

function readStructured(value: unknown, base: string): ReadEvent {
  const given = recordOf(value);
  if (!given) return { errors: [fieldProblem(base, "not_an_object", "An event is a JSON object.")] };
  const { data, data_base64: encoded, datacontenttype: told } = given;
  const at = (name: string) => `${base}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  const read = readAttributes(given, at, bodyOfStructured);
  const body = dataOf(data, encoded, typeof told === "string" ? mediaTypeOf(told) : "", base);
  if ("error" in body || "errors" in read) {
    const errors = [...("errors" in read ? read.errors : []), ...("error" in body ? [body.error] : [])];
    const [first = fieldProblem(base, "unreadable", "The event can't be read."), ...rest] = errors;
    return { errors: [first, ...rest] };
  }
  const dataAt = `${base}/${encoded === undefined || encoded === null ? "data" : "data_base64"}`;
  return { draft: body.data === undefined ? read.draft : { ...read.draft, data: body.data }, dataAt };
}

/** What of the JSON format is no attribute. */
const bodyOfStructured = ["data", "data_base64"];

type ReadData = { readonly data: MaruEvent["data"] } | { readonly error: FieldProblem };

function dataOf(data: unknown, encoded: unknown, mediaType: string, base: string): ReadData {
  if (encoded === undefined || encoded === null) return { data: data as MaruEvent["data"] };
  const at = `${base}/data_base64`;
  if (data !== undefined)
    return { error: fieldProblem(at, "two_data", "An event has data or data_base64, not both.") };
  const bytes = typeof encoded === "string" ? bytesOfBase64(encoded) : undefined;
  if (!bytes) return { error: fieldProblem(at, "base64", "It is not base64.") };
  if (!isJsonType(mediaType)) return { data: encoded as string };
  try {
    return { data: jsonOf(bytes) as MaruEvent["data"] };
  } catch {
    return {
      error: fieldProblem(at, "malformed_json", "It does not hold the JSON that its content type names."),
    };
  }
}

function readBinary({ headers, body }: HttpMessage): ReadEvent {
  const given: Record<string, unknown> = {};
  const errors: FieldProblem[] = [];
  const at = (name: string) => (name === "datacontenttype" ? "/header/Content-Type" : `/header/ce-${name}`);
  for (const [header, raw] of headers) {
    if (!header.startsWith("ce-")) continue;
    const name = header.slice(3);
    const value = decodeHeaderValue(raw);
    if (value === undefined)
      errors.push(
        fieldProblem(`/header/${header}`, "percent_encoding", "The header does not decode to UTF-8."),
      );
    else if (name === "datacontenttype")
      errors.push(
        fieldProblem(
          `/header/${header}`,
          "reserved",
          "In binary mode Content-Type tells the type of the data.",
        ),
      );
    else given[name] = value;
  }
  const contentType = headers.get("content-type");
  const read = readAttributes(
    contentType === undefined ? given : { ...given, datacontenttype: contentType },
    at,
  );
  if ("errors" in read)
    errors.push(...read.errors.filter(({ pointer }) => !errors.some((known) => known.pointer === pointer)));
  const [first, ...rest] = errors;
  if (first || !("draft" in read))
    return { errors: [first ?? fieldProblem("", "unreadable", "Not an event."), ...rest] };
  if (body.byteLength === 0) return { draft: read.draft };
  return { draft: { ...read.draft, data: binaryData(body, mediaTypeOf(contentType)) } };
}

function binaryData(body: Uint8Array, mediaType: string): MaruEvent["data"] {
  if (isJsonType(mediaType)) return jsonOf(body) as MaruEvent["data"];
  if (mediaType === "" || mediaType.startsWith("text/") || /[/+]xml$/.test(mediaType)) {
    try {
      return textOf(body);
    } catch (error) {
      if (mediaType !== "") throw error;
    }
  }
  return base64Of(body);
}
