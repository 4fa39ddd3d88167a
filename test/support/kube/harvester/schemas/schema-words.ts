/** A structural schema as custom resource definitions carry it. */
export type Schema = Readonly<Record<string, unknown>>;

export const text: Schema = { type: "string" };
export const flag: Schema = { type: "boolean" };
export const whole: Schema = { type: "integer" };
export const quantity: Schema = { "x-kubernetes-int-or-string": true };
/** An object whose fields are nobody's business here. */
export const anything: Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
export const texts: Schema = { type: "array", items: text };
export const textMap: Schema = { type: "object", additionalProperties: text };
export const wholeMap: Schema = { type: "object", additionalProperties: whole };
export const quantityMap: Schema = { type: "object", additionalProperties: quantity };

/** Exactly these fields; others are pruned. */
export function record(properties: Readonly<Record<string, Schema>>, ...required: string[]): Schema {
  return { type: "object", properties, ...(required.length > 0 ? { required } : {}) };
}

/** These fields are checked, others are kept as they come. */
export function open(properties: Readonly<Record<string, Schema>>, ...required: string[]): Schema {
  return { ...record(properties, ...required), "x-kubernetes-preserve-unknown-fields": true };
}

export function list(items: Schema): Schema {
  return { type: "array", items };
}

export function mapOf(values: Schema): Schema {
  return { type: "object", additionalProperties: values };
}

export function oneOf(...values: string[]): Schema {
  return { type: "string", enum: values };
}

export function between(minimum: number, maximum?: number): Schema {
  return { type: "integer", minimum, ...(maximum === undefined ? {} : { maximum }) };
}

export function byDefault(schema: Schema, value: unknown): Schema {
  return { ...schema, default: value };
}

export const conditions: Schema = list(open({ type: text, status: text }, "type", "status"));

export const typedReference: Schema = record({ apiGroup: text, kind: text, name: text }, "kind", "name");

const METADATA = { apiVersion: text, kind: text, metadata: { type: "object" } };

/** A whole object of fields beside `metadata`. */
export function bareObject(fields: Readonly<Record<string, Schema>>, ...required: string[]): Schema {
  return record({ ...METADATA, ...fields }, ...required);
}

/** The usual object: a `spec` one must give and a `status` of any shape. */
export function object(spec: Schema, status: Schema = anything): Schema {
  return bareObject({ spec, status }, "spec");
}
