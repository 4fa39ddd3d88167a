import type { ASTNode } from "@marcbachmann/cel-js";
import { functions } from "../functions/catalogue.ts";
import type { CelFunction } from "../functions/function.ts";
import { findPattern, isPattern } from "../functions/pattern.ts";
import { typeText } from "../values/type.ts";
import { CelFailure, type CelResult, type CelValue } from "../values/value.ts";
import { compileHas } from "./access.ts";
import { compileMacro, isMacro } from "./macros.ts";
import { type Compiler, decoded, type Node, type Run } from "./node.ts";

/** `f(a, b)`. */
export function compileCall(c: Compiler, node: ASTNode & { op: "call" }): Node {
  const [name, args] = node.args;
  if (name === "has") return compileHas(c, node, args);
  const fn = functions.get(name);
  if (fn === undefined || fn.style === "method") {
    const hint = fn === undefined ? "" : ` It is a method: x.${name}(…).`;
    return c.refuse(node, "unknown_function", `There is no function ${name}().${hint}`);
  }
  return callOf(c, node, fn, args);
}

/** `a.f(b)`: a method, a macro, or a function of a name space. */
export function compileMethod(c: Compiler, node: ASTNode & { op: "rcall" }): Node {
  const [name, target, args] = node.args;
  if (
    target.op === "id" &&
    functions.has(`${target.args}.${name}`) &&
    c.variable(target.args, target) === undefined
  ) {
    const fn = functions.get(`${target.args}.${name}`);
    if (fn !== undefined) return callOf(c, node, fn, args);
  }
  if (isMacro(name, args.length)) return compileMacro(c, node, name, target, args);
  const fn = functions.get(name);
  if (fn === undefined || fn.style === "function") {
    const hint = fn === undefined ? "" : ` It is a function: ${name}(x).`;
    return c.refuse(node, "unknown_function", `There is no method ${name}().${hint}`);
  }
  return callOf(c, node, fn, [target, ...args]);
}

function callOf(c: Compiler, node: ASTNode, fn: CelFunction, args: readonly ASTNode[]): Node {
  const parts = args.map((arg) => c.compile(arg));
  if (!fn.arity.includes(parts.length)) {
    const own = fn.style === "function" ? 0 : 1;
    const counts = fn.arity.map((n) => n - own).join(" or ");
    return c.refuse(node, "wrong_arguments", `${fn.name}() takes ${counts} arguments.`);
  }
  for (const [i, part] of parts.entries()) {
    const allowed = fn.takes[i];
    const arg = args[i];
    if (
      allowed === undefined ||
      arg === undefined ||
      part.type.kind === "dyn" ||
      allowed.includes(part.type.kind)
    )
      continue;
    return c.refuse(arg, "no_overload", `${fn.name}() does not take ${typeText(part.type)} here.`);
  }
  const pattern = fn.name === "matches" ? parts[1]?.literal : undefined;
  if (typeof pattern === "string") {
    const compiled = findPattern(pattern);
    if (!isPattern(compiled)) return c.refuse(args[1] ?? node, "bad_pattern", compiled);
  }
  const type = typeof fn.gives === "function" ? fn.gives(parts.map((part) => part.type)) : fn.gives;
  return {
    type,
    run: runCall(
      fn,
      parts.map((part, i) => decoded(part, args[i]?.start ?? 0)),
      node.start,
    ),
  };
}

function runCall(fn: CelFunction, runs: readonly Run[], at: number): Run {
  return (frame): CelResult => {
    const values: CelValue[] = [];
    for (const run of runs) {
      const value = run(frame);
      if (value instanceof CelFailure) return value;
      values.push(value);
    }
    return fn.run(values, at);
  };
}
