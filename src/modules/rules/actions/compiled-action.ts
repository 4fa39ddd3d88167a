import type { HttpSettings, JobSettings } from "../../../../contracts/rule-actions.ts";
import type { Template } from "../expr/compile-template.ts";
import type { Expr } from "../expr/expr.ts";

/** JSON whose texts are templates; a text that is one expression alone becomes its value. */
export type JsonTemplate =
  | { readonly kind: "constant"; readonly value: string | number | boolean | null }
  | { readonly kind: "text"; readonly template: Template }
  | { readonly kind: "value"; readonly expr: Expr }
  | { readonly kind: "list"; readonly items: readonly JsonTemplate[] }
  | { readonly kind: "object"; readonly members: readonly (readonly [string, JsonTemplate])[] };

/** An action with its templates ready to be filled in. */
export type CompiledAction =
  | {
      readonly kind: "job";
      readonly run: JobSettings["run"];
      readonly dataset: Template;
      readonly name: Template | undefined;
    }
  | {
      readonly kind: "http";
      readonly settings: HttpSettings;
      readonly url: Template;
      readonly headers: readonly (readonly [string, Template])[];
      readonly body: JsonTemplate | undefined;
    }
  | { readonly kind: "rule"; readonly with: JsonTemplate };
