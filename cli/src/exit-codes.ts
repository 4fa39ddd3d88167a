/** What the process ends with. 0 to 2 are verdicts, the others follow sysexits(3); 130 is 128 + SIGINT. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  inconclusive: 2,
  usage: 64,
  refused: 65,
  notFound: 66,
  unavailable: 69,
  internal: 70,
  auth: 77,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit code of an HTTP answer that is no success. */
export function exitCodeOf(status: number): ExitCode {
  if (status === 401 || status === 403) return exitCodes.auth;
  if (status === 404) return exitCodes.notFound;
  if (status === 408 || status === 425 || status === 429 || status >= 500) return exitCodes.unavailable;
  return exitCodes.refused;
}
