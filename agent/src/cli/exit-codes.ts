/** What a supervisor can act on: 1 is worth a restart, from 3 on somebody has to do something first. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  incompatible: 3,
  revoked: 4,
  replaced: 5,
  notEnrolled: 6,
  unauthenticated: 7,
  logBroken: 8,
  internal: 70,
} as const;
