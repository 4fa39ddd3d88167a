import { type AppError, type FieldProblem, problem } from "../../../kernel/problem.ts";

/** 400 `sources.malformed`: the body or a header can't be read as what the source speaks. */
export function malformed(pointer: string, code: string, message: string): AppError {
  return problem("malformed_request", "sources.malformed", message, { errors: [{ pointer, code, message }] });
}

/** 415 `sources.unsupported_media`: the format is not one that the source speaks. */
export function unsupportedMedia(message: string): AppError {
  const errors = [{ pointer: "/header/Content-Type", code: "media_type", message }];
  return problem("unsupported_media", "sources.unsupported_media", message, { errors });
}

export const fieldProblem = (pointer: string, code: string, message: string): FieldProblem => ({
  pointer,
  code,
  message,
});
