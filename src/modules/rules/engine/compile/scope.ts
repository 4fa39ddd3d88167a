import type { RuleDefinition } from "../../../../../contracts/rules.ts";
import type { ExprTypes } from "../../expr/expr.ts";
import { type CelType, celTypes, listOf, mapTo } from "../../expr/values/type.ts";

/** The names that expressions of a rule may use, by where they stand. */
export interface RuleScope {
  /** Where an event is at hand: `where`, `key`, `over`. */
  readonly event: ExprTypes;
  /** The condition. */
  readonly condition: ExprTypes;
  /** Labels: they name the instance, so they may not depend on numbers that change. */
  readonly labels: ExprTypes;
  readonly annotations: ExprTypes;
}

const optionalText: CelType = celTypes.string;

/** An event as expressions see it: the attributes of CloudEvents, and `data` of the declared type. */
export function eventType(data: CelType): CelType {
  return {
    kind: "object",
    open: false,
    fields: {
      id: celTypes.string,
      source: celTypes.string,
      type: celTypes.string,
      time: celTypes.timestamp,
      subject: optionalText,
      datacontenttype: optionalText,
      dataschema: optionalText,
      sequence: optionalText,
      extensions: mapTo(celTypes.dyn),
      data,
      dataref: optionalText,
      tenantid: celTypes.string,
      sourceid: celTypes.string,
      ingesttime: celTypes.timestamp,
      ingestseq: celTypes.int,
      verified: celTypes.string,
      timeadjusted: celTypes.bool,
    },
  };
}

const windowType: CelType = {
  kind: "object",
  open: false,
  fields: { start: celTypes.timestamp, end: celTypes.timestamp },
};

const lists = new Set(["topk"]);
const anyValue = new Set(["first", "last"]);

export function scopeOf({ trigger }: RuleDefinition, data: CelType): RuleScope {
  const event: ExprTypes = { event: eventType(data), data };
  const common: ExprTypes = { key: listOf(celTypes.dyn), labels: mapTo(celTypes.string) };
  const values: Record<string, CelType> = {};
  switch (trigger.kind) {
    case "filter":
      if (trigger.value !== undefined) values.value = celTypes.double;
      return scope({ ...event, ...common, ...values }, { ...event, ...common });
    case "window":
      for (const [name, { fn }] of Object.entries(trigger.aggregates)) {
        values[name] = lists.has(fn)
          ? listOf(celTypes.dyn)
          : anyValue.has(fn)
            ? celTypes.dyn
            : celTypes.double;
      }
      return scope({ ...common, ...values, window: windowType }, common);
    case "metric":
      return scope({ ...common, value: celTypes.double }, common);
    case "pattern":
      return scope({ ...common, match: celTypes.dyn }, common);
    case "schedule":
      return scope({ ...common, scheduledFor: celTypes.timestamp }, common);
  }

  function scope(condition: ExprTypes, labels: ExprTypes): RuleScope {
    return { event, condition, labels, annotations: condition };
  }
}
