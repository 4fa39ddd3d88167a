import type { Ctx } from "../../kernel/context.ts";
import { problem } from "../../kernel/problem.ts";
import { readSecret } from "../secrets/index.ts";
import { acceptedSecrets } from "./proof.rules.ts";
import type { SourceRow } from "./tables.ts";

const keptMs = 60_000;
const mostKept = 1_000;
const kept = new Map<string, { readonly value: string; readonly until: number }>();

/**
 * The values of the secrets that a source accepts now, kept in memory for a minute: a new value in the secret store is
 * used within that time, a rotation of the source at once.
 * @throws unavailable `sources.secret_missing`
 */
export async function sourceSecrets(ctx: Ctx, source: SourceRow): Promise<string[]> {
  const now = ctx.now.getTime();
  const values: string[] = [];
  for (const name of acceptedSecrets(source.secrets, ctx.now)) {
    const key = `${source.tenantId}/${source.id}/${source.version}/${name}`;
    const known = kept.get(key);
    if (known !== undefined && known.until > now) {
      values.push(known.value);
      continue;
    }
    const value = await readSecret(ctx, name).catch(() => undefined);
    if (value === undefined) continue;
    if (kept.size >= mostKept) kept.clear();
    kept.set(key, { value, until: now + keptMs });
    values.push(value);
  }
  if (values.length > 0) return values;
  throw problem(
    "unavailable",
    "sources.secret_missing",
    "The source has no secret that can be read; its owner must set one.",
  );
}
