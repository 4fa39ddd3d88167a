import type { ASTNode } from "@marcbachmann/cel-js";
import { type CelType, celTypes, joinTypes, typeNameOf, typeText } from "../values/type.ts";
import { CelFailure, type CelResult } from "../values/value.ts";
import { type Compiler, decoded, type Node } from "./node.ts";

export function mayBe(type: CelType, kind: CelType["kind"]): boolean {
  return type.kind === kind || type.kind === "dyn";
}

/** `&&` and `||`: the side that decides wins, whatever the other is; otherwise a failure of either is the result. */
export function compileLogic(c: Compiler, node: ASTNode & { op: "&&" | "||" }): Node {
  const left = c.compile(node.args[0]);
  const right = c.compile(node.args[1]);
  for (const [side, part] of [left, right].entries()) {
    if (!mayBe(part.type, "bool")) {
      const at = node.args[side === 0 ? 0 : 1];
      return c.refuse(at, "no_overload", `${node.op} needs bool, this is ${typeText(part.type)}.`);
    }
  }
  const decides = node.op === "||";
  const { run: first } = left;
  const { run: second } = right;
  const [atLeft, atRight] = [node.args[0].start, node.args[1].start];
  return {
    type: celTypes.bool,
    run: (frame) => {
      const a = first(frame);
      if (a === decides) return decides;
      const b = second(frame);
      if (b === decides) return decides;
      if (a === !decides && b === !decides) return !decides;
      return a === !decides ? notBool(b, atRight) : undecided(notBool(a, atLeft), b);
    },
  };
}

function notBool(value: CelResult, at: number): CelFailure {
  if (value instanceof CelFailure) return value;
  return new CelFailure("no_overload", `This should be bool but is ${typeNameOf(value)}.`, at);
}

function undecided(left: CelFailure, right: CelResult): CelFailure {
  return right instanceof CelFailure && right.code === "absent" ? right : left;
}

export function compileNot(c: Compiler, node: ASTNode & { op: "!_" }): Node {
  const part = c.compile(node.args);
  if (!mayBe(part.type, "bool")) {
    return c.refuse(node, "no_overload", `! needs bool, this is ${typeText(part.type)}.`);
  }
  const { run } = part;
  const at = node.start;
  return {
    type: celTypes.bool,
    run: (frame) => {
      const value = run(frame);
      return typeof value === "boolean" ? !value : notBool(value, at);
    },
  };
}

export function compileTernary(c: Compiler, node: ASTNode & { op: "?:" }): Node {
  const [conditionNode, yesNode, noNode] = node.args;
  const condition = c.compile(conditionNode);
  const yes = c.compile(yesNode);
  const no = c.compile(noNode);
  if (!mayBe(condition.type, "bool")) {
    return c.refuse(conditionNode, "no_overload", `? needs bool, this is ${typeText(condition.type)}.`);
  }
  const { run } = condition;
  const runYes = decoded(yes, yesNode.start);
  const runNo = decoded(no, noNode.start);
  const at = conditionNode.start;
  return {
    type: joinTypes(yes.type, no.type),
    run: (frame) => {
      const value = run(frame);
      if (value === true) return runYes(frame);
      return value === false ? runNo(frame) : notBool(value, at);
    },
  };
}
