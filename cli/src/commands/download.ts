import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Writable } from "node:stream";
import type { Cli } from "../cli.ts";
import type { Fields } from "../client/operation-request.ts";
import type { OptionSpecs } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Action } from "../operations.generated.ts";
import { bytes } from "../terminal/numbers.ts";

export const outputOption = {
  output: {
    type: "string",
    value: "FILE",
    summary: { en: "Write here; stdout otherwise", ko: "저장할 파일; 없으면 표준 출력" },
  },
} as const satisfies OptionSpecs;

/** Streams an answer to a file or to stdout. A file appears only when it is whole. */
export async function download(
  cli: Cli,
  action: Action,
  fields: Fields,
  output: string | undefined,
): Promise<ExitCode> {
  const response = await (await cli.api()).open(action, fields);
  const body = response.body ?? new Blob([]).stream();
  if (output === undefined) {
    const decoder = new TextDecoder();
    for await (const chunk of body) cli.out.raw(decoder.decode(chunk, { stream: true }));
    cli.out.raw(decoder.decode());
    return exitCodes.ok;
  }
  const draft = `${output}.part`;
  let size = 0;
  const file = createWriteStream(draft);
  const counting = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      size += chunk.byteLength;
      controller.enqueue(chunk);
    },
  });
  try {
    await body.pipeThrough(counting).pipeTo(Writable.toWeb(file));
    await rename(draft, output);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  if (cli.out.json) cli.out.result({ file: output, bytes: size }, () => "");
  else cli.out.note(cli.say.written(output, bytes(size)));
  return exitCodes.ok;
}
