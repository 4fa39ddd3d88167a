import { type Document, LineCounter, parseDocument } from "yaml";
import { problem } from "../../../kernel/problem.ts";
import type { ImportLimits } from "./import-options.ts";
import { yamlFault, yamlTextFault } from "./yaml-guard.rules.ts";

export interface YamlSource {
  readonly document: Document;
  /** The value of the whole document; values behind aliases are shared. */
  readonly value: unknown;
  /** The line, from 1, of a node found by path; that of its nearest parent when it is behind an alias. */
  readonly lineAt: (path: readonly (string | number)[]) => number;
}

function refusal(code: string, message: string, line: number) {
  return problem("invalid_input", `datasets.${code}`, `The YAML is refused at line ${line}: ${message}`, {
    errors: [{ pointer: "", code, message: `${message} (line ${line})` }],
    data: { line },
  });
}

function parse(text: string, lines: LineCounter): Document {
  try {
    return parseDocument(text, { lineCounter: lines, merge: true, uniqueKeys: false, logLevel: "error" });
  } catch (error) {
    if (error instanceof RangeError) throw refusal("yaml_too_deep", "The nesting is too deep.", 1);
    throw error;
  }
}

function rangeOf(node: unknown): number | undefined {
  if (typeof node !== "object" || node === null || !("range" in node)) return undefined;
  const { range } = node;
  return Array.isArray(range) && typeof range[0] === "number" ? range[0] : undefined;
}

/** Reads one YAML 1.2 document (core schema, so no dates and no types of other languages), guarded against bombs. */
export function readYaml(text: string, limits: ImportLimits): YamlSource {
  const early = yamlTextFault(text, limits);
  if (early) throw refusal(early.code, early.message, text.slice(0, early.offset).split("\n").length);
  const lines = new LineCounter();
  const document = parse(text, lines);
  const line = (offset: number) => Math.max(1, lines.linePos(offset).line);
  const unresolved = document.warnings.find((warning) => warning.code === "TAG_RESOLVE_FAILED");
  const error = document.errors[0];
  if (error) {
    const isTag = error.code === "TAG_RESOLVE_FAILED";
    throw refusal(
      isTag ? "yaml_tag" : "malformed_yaml",
      error.message.split("\n")[0] ?? error.code,
      line(error.pos[0]),
    );
  }
  if (unresolved)
    throw refusal("yaml_tag", "Tags of other languages are not allowed.", line(unresolved.pos[0]));
  const fault = yamlFault(document, limits);
  if (fault) throw refusal(fault.code, fault.message, line(fault.offset));
  return {
    document,
    value: document.toJS({ maxAliasCount: -1 }),
    lineAt: (path) => {
      for (let length = path.length; length >= 0; length--) {
        const offset = rangeOf(document.getIn(path.slice(0, length), true));
        if (offset !== undefined) return line(offset);
      }
      return 1;
    },
  };
}
