/** What is wrong with an expression, with its place inside the text where that is known; both count from 1. */
export function placedMessage(issue: {
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}): string {
  const { message, line, column } = issue;
  return line === undefined || column === undefined ? message : `Line ${line}, column ${column}: ${message}`;
}
