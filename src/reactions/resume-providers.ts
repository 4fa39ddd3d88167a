import { type Session, systemCtx } from "../context.ts";
import { allProfiles } from "../modules/profiles/index.ts";
import type { OutboxHandler } from "./outbox-handler.ts";
import { tellLimits } from "./tell-limits.ts";

/** Lets jobs that wait for these providers try again: whoever changed a profile or its key may have mended it. */
async function resumeProviders(session: Session, tenantId: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const scope = { tenantId, kind: "provider" as const, name };
    await session.ports.jobs.execute(tenantId, {
      type: "resume",
      scope,
      audit: { actor: "system:profiles" },
    });
  }
}

/** A profile was put or deleted: its limits may be others, and its jobs may try again. */
export const profileChanged: OutboxHandler = async (session, delivery) => {
  await tellLimits(session, delivery);
  const { profile } = delivery.payload as { profile: string };
  await resumeProviders(session, delivery.tenantId, [profile]);
};

/** A secret was put or deleted: the jobs of the profiles that name it may try again. */
export const secretChanged: OutboxHandler = async (session, { tenantId, topic, payload }) => {
  const { name } = payload as { name: string };
  const profiles = await allProfiles(systemCtx(session, tenantId, topic));
  const users = profiles.filter(({ secretName }) => secretName === name);
  await resumeProviders(
    session,
    tenantId,
    users.map((profile) => profile.name),
  );
};
