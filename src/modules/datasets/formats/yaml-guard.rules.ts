import { type Document, isAlias, isCollection, isMap, isPair, isScalar, type Node } from "yaml";
import type { ImportLimits } from "./import-options.ts";

export interface YamlFault {
  readonly code:
    | "yaml_tag"
    | "yaml_bomb"
    | "yaml_too_deep"
    | "yaml_duplicate_key"
    | "yaml_alias"
    | "yaml_too_dense";
  readonly message: string;
  /** Where in the text, in UTF-16 code units. */
  readonly offset: number;
}

class Refused extends Error {
  readonly fault: YamlFault;
  constructor(fault: YamlFault) {
    super(fault.message);
    this.fault = fault;
  }
}

interface Walk {
  readonly limits: ImportLimits;
  /** The expanded size of each anchor, once its node is whole. */
  readonly anchors: Map<string, number>;
  aliases: number;
  anchored: number;
}

const standardTag = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|seq|map)$|^!$/;

function refuse(
  code: YamlFault["code"],
  node: { range?: readonly number[] | null | undefined },
  message: string,
): never {
  throw new Refused({ code, message, offset: node.range?.[0] ?? 0 });
}

/** The size of a node with every alias in it written out, in characters and nodes. */
function expandedSize(node: unknown, walk: Walk, depth: number): number {
  if (isAlias(node)) {
    walk.aliases += 1;
    if (walk.aliases > walk.limits.maxYamlAliases) {
      refuse("yaml_bomb", node, `There are more than ${walk.limits.maxYamlAliases} aliases.`);
    }
    const size = walk.anchors.get(node.source);
    if (size === undefined)
      refuse("yaml_alias", node, `The alias *${node.source} stands for nothing before it.`);
    return size;
  }
  if (isPair(node)) return expandedSize(node.key, walk, depth) + expandedSize(node.value, walk, depth);
  if (!isScalar(node) && !isCollection(node)) return 1;
  if (node.tag !== undefined && !standardTag.test(node.tag)) {
    refuse("yaml_tag", node, `The tag ${node.tag} is not allowed.`);
  }
  if (depth > walk.limits.maxDepth)
    refuse("yaml_too_deep", node, `Values may be nested ${walk.limits.maxDepth} deep.`);
  const size = isScalar(node) ? 1 + scalarLength(node.value) : collectionSize(node, walk, depth);
  if (size > walk.limits.maxYamlExpandedChars) {
    refuse(
      "yaml_bomb",
      node,
      `With its aliases written out it is larger than ${walk.limits.maxYamlExpandedChars} characters.`,
    );
  }
  if (node.anchor) {
    walk.anchored += 1;
    if (walk.anchored > walk.limits.maxYamlAliases) {
      refuse("yaml_bomb", node, `There are more than ${walk.limits.maxYamlAliases} anchors.`);
    }
    walk.anchors.set(node.anchor, size);
  }
  return size;
}

function scalarLength(value: unknown): number {
  return typeof value === "string" ? value.length : 8;
}

function collectionSize(node: Node & { items: unknown[] }, walk: Walk, depth: number): number {
  let size = 1;
  const keys = new Set<unknown>();
  for (const item of node.items) {
    if (isMap(node) && isPair(item) && isScalar(item.key)) {
      if (keys.has(item.key.value))
        refuse("yaml_duplicate_key", item.key, `The key ${String(item.key.value)} is there twice.`);
      keys.add(item.key.value);
    }
    size += expandedSize(item, walk, depth + 1);
  }
  return size;
}

/**
 * Whether a parsed document is safe to turn into values: no tags but YAML's own, few aliases, a bounded size once they
 * are written out (the "billion laughs"), bounded depth, no key twice in a map. Gives the first fault.
 */
export function yamlFault(document: Document, limits: ImportLimits): YamlFault | undefined {
  try {
    expandedSize(document.contents, { limits, anchors: new Map(), aliases: 0, anchored: 0 }, 0);
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return error.fault;
    throw error;
  }
}

/** Brackets may not be open deeper than this, wherever they stand: beyond it the parser's own stack is at stake. */
const maxOpenBrackets = 500;

/**
 * What can be told before parsing, because a parser spends far more memory on a character of structure than on one of
 * text: how many places could start a node, and how deep brackets are open. Quotes and comments are not looked at.
 */
export function yamlTextFault(text: string, limits: ImportLimits): YamlFault | undefined {
  let tokens = 0;
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isOpening = code === 0x5b || code === 0x7b;
    if (isOpening) open += 1;
    else if (open > 0 && (code === 0x5d || code === 0x7d)) open -= 1;
    if (open > maxOpenBrackets) {
      return {
        code: "yaml_too_deep",
        message: `More than ${maxOpenBrackets} brackets are open.`,
        offset: at,
      };
    }
    const next = text.charCodeAt(at + 1);
    const isMark =
      (code === 0x2d || code === 0x3a || code === 0x3f) && (next === 0x20 || next === 0x0a || next === 0x09);
    if (isOpening || isMark || code === 0x2c || code === 0x0a) tokens += 1;
    if (tokens > limits.maxYamlTokens) {
      const message = `It has more than ${limits.maxYamlTokens} items and lines; import it in parts or as JSONL.`;
      return { code: "yaml_too_dense", message, offset: at };
    }
  }
  return undefined;
}
