import * as z from "zod";
import type { RuleTemplateCategory } from "../../../../contracts/rule-templates.ts";
import type { RuleTestInput } from "../../../../contracts/rule-tests.ts";
import type { RuleDefinitionInput } from "../../../../contracts/rules.ts";

interface Text {
  readonly en: string;
  readonly ko: string;
}

/** A kind of rule that many people need: what it watches, what can be set, and tests that show what it does. */
export interface Template<Parameters extends z.ZodObject = z.ZodObject> {
  readonly id: string;
  readonly category: RuleTemplateCategory;
  readonly title: Text;
  readonly description: Text;
  /** Every parameter has a default. */
  readonly parameters: Parameters;
  /** The rule but for its name and what all templates set alike. */
  readonly build: (parameters: z.output<Parameters>) => Omit<RuleDefinitionInput, "name" | "description">;
  /** Tests of the rule with the parameters at their defaults. */
  readonly tests: readonly Omit<RuleTestInput, "rule">[];
}

/** Keeps the type of a template's parameters where it is written. */
export function defineTemplate<Parameters extends z.ZodObject>(template: Template<Parameters>): Template {
  return template as unknown as Template;
}

/** Which sources are listened to, and how bad it is: parameters of every template. */
export const shared = (severity: "warning" | "critical") => ({
  sourceIds: z
    .array(z.string().min(1))
    .max(100)
    .default([])
    .describe("Only events of these sources; any when empty."),
  severity: z
    .enum(["info", "warning", "critical"])
    .default(severity)
    .describe("The label `severity` of its alerts."),
});

/** The type of the events that are watched. */
export const eventType = (type: string) =>
  z.string().min(1).max(256).default(type).describe("The type of the events; may end in `*`.");

/** The field of an event's data by which alerts are kept apart; it becomes a label of the same name. */
export const groupBy = (field: string) =>
  z
    .string()
    .regex(/^[a-z][A-Za-z0-9_]{0,62}$/, "The name of a field of the event's data.")
    .default(field)
    .describe("The field of the event's data by which alerts are kept apart.");

export const minutes = (count: number, what: string) =>
  z.int().min(0).max(44_640).default(count).describe(`${what}, in minutes.`);

/** A stretch of time that is never empty. */
export const span = (count: number, what: string) =>
  z.int().min(1).max(44_640).default(count).describe(`${what}, in minutes.`);

export const ratio = (share: number, what: string) => z.number().min(0).max(1).default(share).describe(what);

export const amount = (value: number, what: string) => z.number().min(0).default(value).describe(what);

export const atLeastOnce = (value: number, what: string) =>
  z.int().min(1).max(1_000).default(value).describe(what);

export const minuteMs = 60_000;

/** A number as CEL writes a double. */
export const double = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));
