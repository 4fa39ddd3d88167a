/** A parsed template. Offsets count UTF-16 units from the start of the source. */
export type TemplateNode =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "value"; readonly value: Piped }
  | { readonly type: "if"; readonly branches: readonly Branch[]; readonly otherwise: readonly TemplateNode[] }
  | {
      readonly type: "for";
      readonly name: string;
      readonly list: Piped;
      readonly limit: number | null;
      readonly body: readonly TemplateNode[];
    };

export interface Branch {
  readonly when: Condition;
  readonly body: readonly TemplateNode[];
}

export type Condition =
  | { readonly type: "value"; readonly value: Piped }
  | { readonly type: "not"; readonly of: Condition }
  | { readonly type: "and"; readonly of: readonly Condition[] }
  | { readonly type: "or"; readonly of: readonly Condition[] }
  | { readonly type: "compare"; readonly op: CompareOp; readonly left: Piped; readonly right: Piped };

export type CompareOp = "==" | "!=" | "<" | "<=" | ">" | ">=" | "contains";

/** A path or a literal, sent through filters. */
export interface Piped {
  readonly from: Operand;
  readonly filters: readonly { readonly name: string; readonly args: readonly Operand[] }[];
}

export type Operand =
  | { readonly type: "path"; readonly path: readonly string[] }
  | { readonly type: "literal"; readonly value: string | number | boolean | null };

/** What is wrong with a template and where: `line` and `column` count from 1. */
export interface TemplateProblem {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  readonly code:
    | "too_long"
    | "too_deep"
    | "unclosed"
    | "unexpected"
    | "unknown_tag"
    | "unknown_filter"
    | "bad_expression";
  readonly message: string;
}

/** Thrown while reading, at an offset of the source. */
export class TemplateError extends Error {
  readonly offset: number;
  readonly code: TemplateProblem["code"];

  constructor(offset: number, code: TemplateProblem["code"], message: string) {
    super(message);
    this.offset = offset;
    this.code = code;
  }
}
