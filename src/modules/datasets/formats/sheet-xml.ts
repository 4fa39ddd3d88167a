import { SaxesParser } from "saxes";
import { problem } from "../../../kernel/problem.ts";

export interface XmlHandlers {
  readonly open: (name: string, attributes: Readonly<Record<string, string>>) => void;
  readonly text?: (text: string) => void;
  readonly close?: (name: string) => void;
}

function malformed(part: string, why: string) {
  return problem(
    "invalid_input",
    "datasets.malformed_xlsx",
    `The part ${part} of the workbook cannot be read: ${why}.`,
    {
      errors: [{ pointer: "", code: "malformed_xlsx", message: why }],
    },
  );
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

/**
 * Parses a part piece by piece; after each piece the caller may take what the handlers gathered. Names come without
 * their prefix. A document type is refused, so no entity is ever declared, let alone expanded.
 */
export function* parseXml(
  part: string,
  pieces: Iterable<Uint8Array>,
  handlers: XmlHandlers,
): Generator<void> {
  const parser = new SaxesParser({ position: false });
  parser.on("error", (error) => {
    throw malformed(part, error.message);
  });
  parser.on("doctype", () => {
    throw malformed(part, "a document type is not allowed");
  });
  parser.on("opentag", (tag) =>
    handlers.open(localName(tag.name), tag.attributes as Readonly<Record<string, string>>),
  );
  parser.on("text", (text) => handlers.text?.(text));
  parser.on("cdata", (text) => handlers.text?.(text));
  parser.on("closetag", (tag) => handlers.close?.(localName(tag.name)));
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  const decode = (bytes?: Uint8Array) => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch {
      throw malformed(part, "it is not UTF-8");
    }
  };
  for (const piece of pieces) {
    parser.write(decode(piece));
    yield;
  }
  parser.write(decode());
  parser.close();
  yield;
}

/** The value of an attribute whatever its prefix (`r:id`). */
export function attribute(attributes: Readonly<Record<string, string>>, name: string): string | undefined {
  const own = attributes[name];
  if (own !== undefined) return own;
  return Object.entries(attributes).find(([key]) => localName(key) === name)?.[1];
}
