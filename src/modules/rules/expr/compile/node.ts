import type { ASTNode } from "@marcbachmann/cel-js";
import type { Bindings, ExprLimits } from "../expr.ts";
import { decodeValue } from "../values/decode.ts";
import { type CelType, needsDecoding } from "../values/type.ts";
import { CelFailure, type CelResult, type CelValue } from "../values/value.ts";

/** What one evaluation works on. */
export interface Frame {
  readonly bindings: Bindings;
  /** Variables of macros, by slot. */
  readonly locals: CelValue[];
  /** Steps of macros that are left. */
  steps: number;
}

export type Run = (frame: Frame) => CelResult;

/** A compiled part of an expression. */
export interface Node {
  readonly type: CelType;
  readonly run: Run;
  /** Set when the value is known now. */
  readonly literal?: CelValue;
  /** The value is JSON that `type` still has to be read from. */
  readonly raw?: boolean;
  /** A whole number written out, which may become a double beside one. */
  readonly wide?: number;
}

/** What the parts of the compiler share. */
export interface Compiler {
  readonly limits: ExprLimits;
  readonly widen: boolean;
  compile(node: ASTNode): Node;
  /** The node of a name, or undefined when there is none. */
  variable(name: string, node: ASTNode): Node | undefined;
  /** Declares a macro's variable while `body` is compiled, and gives its slot. */
  local<T>(name: string, type: CelType, body: (slot: number) => T): T;
  /** Records an error; what it returns stands in for the part that is wrong. */
  refuse(node: ASTNode, code: string, message: string): Node;
  note(node: ASTNode, code: string, message: string): void;
}

/** Runs a part and reads its JSON by its declared type, where that is still to do. */
export function decoded(node: Node, at: number): Run {
  if (node.raw !== true || !needsDecoding(node.type)) return node.run;
  const { run, type } = node;
  return (frame) => {
    const value = run(frame);
    return value instanceof CelFailure ? value : decodeValue(value, type, at);
  };
}

export function literal(value: CelValue, type: CelType): Node {
  return { type, literal: value, run: () => value };
}
