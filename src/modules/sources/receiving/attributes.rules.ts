import { gateAttributes } from "../../../../contracts/events.ts";
import type { FieldProblem } from "../../../kernel/problem.ts";
import type { EventDraft } from "./event-draft.ts";
import { parseInstant } from "./instant.rules.ts";
import { fieldProblem } from "./malformed.ts";

/** The attributes of a CloudEvent without its data, or what is wrong with them. */
export type ReadAttributes = { readonly draft: EventDraft } | { readonly errors: readonly FieldProblem[] };

const named = ["id", "source", "type", "specversion", "time", "subject", "datacontenttype", "dataschema"];
const gateOwned: ReadonlySet<string> = new Set(gateAttributes);
const maxLength: Readonly<Record<string, number>> = { id: 512, source: 2048, type: 512 };
const mediaType = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+\s*(;\s*[\w!#$&^.+-]+=("[^"]*"|[^\s;"]+)\s*)*$/;
// Control characters, lone surrogates and noncharacters (CloudEvents 1.0, 2.4).
const unprintable = /[\p{Cc}\p{Noncharacter_Code_Point}]/u;

/**
 * Checks the context attributes of a CloudEvent 1.0. `at` gives the pointer of an attribute. Values are text, booleans
 * and 32-bit integers; null is the same as absent.
 */
export function readAttributes(
  given: Readonly<Record<string, unknown>>,
  at: (name: string) => string,
): ReadAttributes {
  const errors: FieldProblem[] = [];
  const fail = (name: string, code: string, message: string) =>
    void errors.push(fieldProblem(at(name), code, message));
  const present = Object.entries(given).filter(([, value]) => value !== null && value !== undefined);
  const values = new Map(present);

  for (const name of ["specversion", "id", "source", "type"])
    if (!values.has(name)) fail(name, "required", `A CloudEvent needs "${name}".`);
  if (values.has("specversion") && values.get("specversion") !== "1.0")
    fail("specversion", "unknown_version", "Only CloudEvents 1.0 is understood.");

  const extensions: Record<string, string | number | boolean> = {};
  for (const [name, value] of values) {
    const fault = attributeFault(name, value);
    if (fault) fail(name, fault.code, fault.message);
    else if (!named.includes(name) && name !== "sequence")
      extensions[name] = value as string | number | boolean;
  }
  const text = (name: string) =>
    typeof values.get(name) === "string" ? (values.get(name) as string) : undefined;
  const time = text("time");
  if (errors.length > 0) return { errors };
  const sequence = values.get("sequence");
  return {
    draft: {
      id: text("id") ?? "",
      source: text("source") ?? "",
      type: text("type") ?? "",
      time: time === undefined ? null : (parseInstant(time) ?? null),
      ...only("subject", text("subject")),
      ...only("datacontenttype", text("datacontenttype")),
      ...only("dataschema", text("dataschema")),
      ...only("sequence", sequence === undefined ? undefined : String(sequence)),
      ...(Object.keys(extensions).length > 0 ? { extensions } : {}),
    },
  };
}

function only<Name extends string>(name: Name, value: string | undefined): { [key in Name]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]: string });
}

interface Fault {
  readonly code: string;
  readonly message: string;
}

function attributeFault(name: string, value: unknown): Fault | undefined {
  if (gateOwned.has(name)) return { code: "reserved", message: `"${name}" is set by the gate only.` };
  if (!/^[a-z0-9]{1,20}$/.test(name))
    return { code: "attribute_name", message: "Names have 1 to 20 lower-case letters and digits." };
  if (named.includes(name)) return textFault(name, value);
  if (typeof value === "string") return characterFault(value);
  if (typeof value === "boolean") return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value === (value | 0)) return undefined;
  return { code: "attribute_type", message: "An extension is text, a boolean or a 32-bit integer." };
}

function textFault(name: string, value: unknown): Fault | undefined {
  if (typeof value !== "string") return { code: "attribute_type", message: `"${name}" is text.` };
  if (value === "") return { code: "empty", message: `"${name}" can't be empty.` };
  if (value.length > (maxLength[name] ?? 2048))
    return { code: "too_long", message: `"${name}" is too long.` };
  const characters = characterFault(value);
  if (characters) return characters;
  if (name === "time" && parseInstant(value) === undefined)
    return { code: "time_format", message: "The time is not an RFC 3339 timestamp." };
  if (name === "source" && /[\s<>"{}|\\^`]/.test(value))
    return { code: "uri_format", message: "The source is not a URI reference." };
  if (name === "dataschema" && !/^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/.test(value))
    return { code: "uri_format", message: "The data schema is not an absolute URI." };
  if (name === "datacontenttype" && !mediaType.test(value))
    return { code: "media_type", message: "The data content type is not a media type." };
  return undefined;
}

function characterFault(value: string): Fault | undefined {
  return unprintable.test(value) || !value.isWellFormed()
    ? {
        code: "characters",
        message: "Attributes hold no control characters, lone surrogates or noncharacters.",
      }
    : undefined;
}
