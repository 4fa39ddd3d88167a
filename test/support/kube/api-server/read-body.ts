import type { IncomingMessage } from "node:http";
import { parse } from "yaml";
import type { SimRequest } from "../words.ts";
import { badRequest, refuse } from "./status-error.ts";

const LARGEST_BODY = 3 * 1024 * 1024;

/** The whole body of a request. */
export async function readBytes(incoming: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The media type of the body, without its parameters. */
export function contentTypeOf({ headers }: Pick<SimRequest, "headers">): string {
  return (headers["content-type"] ?? "").split(";")[0]?.trim() ?? "";
}

/** The body as text. @throws StatusError 413 */
export async function readText(request: SimRequest): Promise<string> {
  const bytes = await request.body();
  if (bytes.length > LARGEST_BODY) {
    throw refuse(413, "RequestEntityTooLarge", `Request entity too large: limit is ${LARGEST_BODY}`);
  }
  return Buffer.from(bytes).toString();
}

/** The body as JSON or YAML, as its content type says; undefined where there is none. @throws StatusError 400 413 415 */
export async function readObject(request: SimRequest): Promise<unknown> {
  const type = contentTypeOf(request);
  const isYaml = type.endsWith("yaml");
  if (!isYaml && type !== "" && type !== "*/*" && !type.endsWith("json")) {
    throw refuse(
      415,
      "UnsupportedMediaType",
      "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml",
    );
  }
  const text = await readText(request);
  return text === "" ? undefined : parseText(text, isYaml);
}

/** @throws StatusError 400 */
export function parseText(text: string, isYaml: boolean): unknown {
  try {
    return isYaml ? parse(text) : JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw badRequest(`couldn't get version/kind; json parse error: ${why}`);
  }
}
