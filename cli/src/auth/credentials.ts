import type { Credentials } from "../client/api.ts";
import { requestOf } from "../client/operation-request.ts";
import { send } from "../client/send.ts";
import type { Transport } from "../client/transport.ts";
import { ApiError } from "../failure.ts";
import type { Access } from "./choose-endpoint.ts";
import { type AuthProfile, readConfig, type StoredSession, saveProfile, withLock } from "./config-file.ts";

/** The answer of signing in and of refreshing. */
export interface TokenAnswer {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly refreshToken: string;
}

export function storedSession(tokens: TokenAnswer, now: number): StoredSession {
  const { accessToken, refreshToken, expiresIn } = tokens;
  return { accessToken, refreshToken, accessExpiresAt: now + expiresIn * 1000 };
}

const earlyMs = 30_000;

/** The credentials of an access: the key from the environment, the stored key, or the stored session, kept fresh. */
export function credentialsOf(access: Access, configFile: string, transport: Transport): Credentials {
  const key = access.apiKey ?? access.profile?.apiKey;
  if (key !== undefined) return fixed(`Bearer ${key}`);
  if (!access.profile?.session) return fixed(undefined);
  let session: StoredSession = access.profile.session;
  const renew = async (): Promise<boolean> => {
    const renewed = await refresh(access, session, configFile, transport);
    if (renewed) session = renewed;
    return renewed !== undefined;
  };
  return {
    renew,
    async header() {
      if (session.accessExpiresAt - transport.now() < earlyMs) await renew();
      return `Bearer ${session.accessToken}`;
    },
  };
}

/** A bearer that never changes. */
export function fixed(header: string | undefined): Credentials {
  return { header: async () => header, renew: async () => false };
}

/**
 * Exchanges the refresh token, alone among all processes: a token that is used twice ends the whole session. Another
 * process may have done it meanwhile; then its tokens are taken.
 */
function refresh(
  { endpoint, profileName }: Access,
  session: StoredSession,
  configFile: string,
  transport: Transport,
): Promise<StoredSession | undefined> {
  return withLock(configFile, transport.sleep, async () => {
    const profile: AuthProfile | undefined = readConfig(configFile).profiles[profileName];
    const stored = profile?.session;
    if (profile === undefined || stored === undefined) return undefined;
    if (stored.refreshToken !== session.refreshToken) return stored;
    const { method, target, json } = requestOf("access.session.refresh", {
      refreshToken: stored.refreshToken,
    });
    const init = { method, headers: { "content-type": "application/json" }, body: JSON.stringify(json) };
    try {
      const response = await send(transport, endpoint + target, () => init, { attempts: 1 });
      const renewed = storedSession((await response.json()) as TokenAnswer, transport.now());
      saveProfile(configFile, profileName, { ...profile, session: renewed });
      return renewed;
    } catch (error) {
      if (error instanceof ApiError && error.problem.status === 401) return undefined;
      throw error;
    }
  });
}
