import { recordArrayNames } from "./json-array-reader.ts";

export interface JsonSniff {
  readonly container: "json" | "jsonl";
  /** The names of the members of the first record that is seen. */
  readonly recordKeys: readonly string[];
  /** The names of the members around the array of records. */
  readonly envelopeKeys: readonly string[];
}

interface Scan {
  readonly rootKeys: string[];
  readonly elementKeys: string[];
  readonly arrayName: string | undefined;
  readonly rootIsArray: boolean;
  readonly closedAt: number;
  readonly breakInside: boolean;
}

/** Walks JSON that may be cut off, and notes the keys of the root and of the first object in its array of records. */
function scan(head: string): Scan {
  const rootKeys: string[] = [];
  const elementKeys: string[] = [];
  let arrayName: string | undefined;
  let elementDone = false;
  const rootIsArray = head.startsWith("[");
  if (rootIsArray) arrayName = "";
  const stack: string[] = [];
  let key = "";
  let breakInside = false;
  const tokens = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"([ \t\r\n]*:)?|[[\]{}]|\n/g;
  for (let match = tokens.exec(head); match; match = tokens.exec(head)) {
    const token = match[0];
    if (token === "\n") breakInside ||= stack.length > 0;
    else if (token.startsWith('"')) {
      if (match[1] === undefined) continue;
      if (token.includes("\n")) breakInside = true;
      key = token.slice(1, token.lastIndexOf('"'));
      const inElement = arrayName !== undefined && !elementDone && stack.length === (rootIsArray ? 2 : 3);
      if (stack.length === 1 && !rootIsArray) rootKeys.push(key);
      else if (inElement && stack.at(-1) === "{") elementKeys.push(key);
    } else if (token === "{" || token === "[") {
      const opensRecords =
        token === "[" && stack.length === 1 && stack[0] === "{" && recordArrayNames.has(key);
      if (opensRecords && arrayName === undefined) arrayName = key;
      stack.push(token);
    } else {
      stack.pop();
      if (arrayName !== undefined && stack.length === (rootIsArray ? 1 : 2) && elementKeys.length > 0)
        elementDone = true;
      if (stack.length === 0) {
        return { rootKeys, elementKeys, arrayName, rootIsArray, closedAt: tokens.lastIndex, breakInside };
      }
    }
  }
  return { rootKeys, elementKeys, arrayName, rootIsArray, closedAt: -1, breakInside };
}

function keysOfLine(line: string): string[] | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return Object.keys(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** Tells JSON Lines from one JSON document by its beginning; undefined when it is neither. */
export function sniffJson(beginning: string): JsonSniff | undefined {
  const head = beginning.trimStart();
  if (!head.startsWith("{") && !head.startsWith("[")) return undefined;
  const seen = scan(head);
  if (seen.rootIsArray) return { container: "json", recordKeys: seen.elementKeys, envelopeKeys: [] };
  const more = seen.closedAt !== -1 && head.slice(seen.closedAt).trimStart() !== "";
  if (more && !seen.breakInside) return { container: "jsonl", recordKeys: seen.rootKeys, envelopeKeys: [] };
  if (seen.arrayName !== undefined) {
    return { container: "json", recordKeys: seen.elementKeys, envelopeKeys: seen.rootKeys };
  }
  const line = head
    .split(/\r?\n/)
    .map(keysOfLine)
    .find((keys) => keys !== undefined);
  if (line === undefined && seen.breakInside)
    return { container: "json", recordKeys: [], envelopeKeys: seen.rootKeys };
  return { container: "jsonl", recordKeys: line ?? seen.rootKeys, envelopeKeys: [] };
}
