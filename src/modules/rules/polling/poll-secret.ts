import type { Ctx } from "../../../kernel/context.ts";
import { mustFindSecret, readSecret } from "../../secrets/index.ts";

interface Opened {
  readonly value: string;
  readonly until: number;
}

/** Polls are many: a secret is opened, and its reading recorded, once in this time and not at every poll. */
const keptMs = 600_000;
const mostKept = 500;
const opened = new Map<string, Opened>();

/** The value of a secret for a poll. A new version is read at once. @throws not_found `secrets.unknown` */
export async function pollSecret(ctx: Ctx, name: string): Promise<string> {
  const { version } = await mustFindSecret(ctx, name);
  const key = JSON.stringify([ctx.tenantId, name, version]);
  const now = ctx.now.getTime();
  const known = opened.get(key);
  if (known !== undefined && known.until > now) return known.value;
  const value = await readSecret(ctx, name);
  if (opened.size >= mostKept) opened.clear();
  opened.set(key, { value, until: now + keptMs });
  return value;
}
