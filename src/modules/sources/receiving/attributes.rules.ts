import { gateAttributes } from "../../../../contracts/events.ts";
import type { FieldProblem } from "../../../kernel/problem.ts";
import type { EventDraft } from "./event-draft.ts";
import { parseInstant } from "./instant.rules.ts";
import { fieldProblem } from "./malformed.ts";

/** The attributes of a CloudEvent without its data, or what is wrong with them. */
export type ReadAttributes = { readonly draft: EventDraft } | { readonly errors: readonly FieldProblem[] };

/** How many characters an attribute that CloudEvents names may have. */
const named: ReadonlyMap<string, number> = new Map([
  ["id", 512],
  ["source", 2048],
  ["type", 512],
  ["specversion", 2048],
  ["time", 2048],
  ["subject", 2048],
  ["datacontenttype", 2048],
  ["dataschema", 2048],
]);
const required = ["specversion", "id", "source", "type"];
const gateOwned: ReadonlySet<string> = new Set(gateAttributes);
const mediaType = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+\s*(;\s*[\w!#$&^.+-]+=("[^"]*"|[^\s;"]+)\s*)*$/;
// Control characters, lone surrogates and noncharacters (CloudEvents 1.0, 2.4).
const unprintable = /[\p{Cc}\p{Noncharacter_Code_Point}]/u;
/** Text of which nothing more has to be asked: every character may be in any text and in a URI reference. */
const plain = /^[\w!#$%&'()*+,\-./:;=?@[\]~]+$/;

type Writable<Value> = { -readonly [Name in keyof Value]: Value[Name] };

/**
 * Checks the context attributes of a CloudEvent 1.0. `at` gives the pointer of an attribute; what is named in `body` is
 * none. Values are text, booleans and 32-bit integers; null is the same as absent.
 */
export function readAttributes(
  given: Readonly<Record<string, unknown>>,
  at: (name: string) => string,
  body: readonly string[] = [],
): ReadAttributes {
  const errors: FieldProblem[] = [];
  const fail = (name: string, code: string, message: string) =>
    void errors.push(fieldProblem(at(name), code, message));
  for (const name of required)
    if (given[name] === undefined || given[name] === null)
      fail(name, "required", `A CloudEvent needs "${name}".`);
  const { specversion } = given;
  if (specversion !== "1.0" && specversion !== undefined && specversion !== null)
    fail("specversion", "unknown_version", "Only CloudEvents 1.0 is understood.");

  const draft: Writable<EventDraft> = { id: "", source: "", type: "", time: null };
  for (const name of Object.keys(given)) {
    const value = given[name];
    if (value === null || value === undefined || body.includes(name)) continue;
    const fault = attributeFault(name, value);
    if (fault) fail(name, fault.code, fault.message);
    else setAttribute(draft, name, value as string | number | boolean);
  }
  return errors.length > 0 ? { errors } : { draft };
}

function setAttribute(draft: Writable<EventDraft>, name: string, value: string | number | boolean): void {
  if (name === "specversion") return;
  if (name === "time") draft.time = parseInstant(String(value)) ?? null;
  else if (name === "sequence") draft.sequence = String(value);
  else if (named.has(name)) draft[name as "id"] = String(value);
  else draft.extensions = { ...draft.extensions, [name]: value };
}

interface Fault {
  readonly code: string;
  readonly message: string;
}

function attributeFault(name: string, value: unknown): Fault | undefined {
  const maxLength = named.get(name);
  if (maxLength !== undefined) return textFault(name, value, maxLength);
  if (gateOwned.has(name)) return { code: "reserved", message: `"${name}" is set by the gate only.` };
  if (!/^[a-z0-9]{1,20}$/.test(name))
    return { code: "attribute_name", message: "Names have 1 to 20 lower-case letters and digits." };
  if (typeof value === "string") return characterFault(value);
  if (typeof value === "boolean") return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value === (value | 0)) return undefined;
  return { code: "attribute_type", message: "An extension is text, a boolean or a 32-bit integer." };
}

function textFault(name: string, value: unknown, maxLength: number): Fault | undefined {
  if (typeof value !== "string") return { code: "attribute_type", message: `"${name}" is text.` };
  if (value === "") return { code: "empty", message: `"${name}" can't be empty.` };
  if (value.length > maxLength) return { code: "too_long", message: `"${name}" is too long.` };
  const isPlain = plain.test(value);
  const characters = isPlain ? undefined : characterFault(value);
  if (characters) return characters;
  if (name === "time" && parseInstant(value) === undefined)
    return { code: "time_format", message: "The time is not an RFC 3339 timestamp." };
  if (name === "source" && !isPlain && /[\s<>"{}|\\^`]/.test(value))
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
