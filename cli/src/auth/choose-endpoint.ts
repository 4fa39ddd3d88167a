import type { Environment, Globals } from "../cli.ts";
import { exitCodes } from "../exit-codes.ts";
import { CliError, usageError } from "../failure.ts";
import type { AuthProfile, ConfigFile } from "./config-file.ts";

const localEndpoint = "http://localhost:8787";

/** Where to call and with what. */
export interface Access {
  readonly profileName: string;
  readonly profile: AuthProfile | undefined;
  readonly endpoint: string;
  /** From MARU_API_KEY; wins over what is stored. */
  readonly apiKey: string | undefined;
}

/**
 * Chooses deployment and credentials. Throws when stored credentials would go to another server than the one that
 * gave them, or over plain HTTP to another machine.
 */
export function chooseAccess(
  globals: Pick<Globals, "endpoint" | "authProfile">,
  env: Environment,
  config: ConfigFile,
): Access {
  const asked = globals.authProfile ?? env.MARU_AUTH_PROFILE;
  const apiKey = env.MARU_API_KEY || undefined;
  const named = config.profiles[asked ?? config.current];
  const endpoint = readEndpoint(
    globals.endpoint ?? (env.MARU_ENDPOINT || undefined) ?? named?.endpoint ?? localEndpoint,
    env,
  );
  if (named === undefined || named.endpoint === endpoint) {
    return { profileName: asked ?? config.current, profile: named, endpoint, apiKey };
  }
  if (asked === undefined) {
    const [name, profile] =
      Object.entries(config.profiles).find(([, { endpoint: at }]) => at === endpoint) ?? [];
    return { profileName: name ?? config.current, profile, endpoint, apiKey };
  }
  if (apiKey !== undefined) return { profileName: asked, profile: undefined, endpoint, apiKey };
  throw new CliError(
    exitCodes.auth,
    {
      en: `The auth profile "${asked}" belongs to ${named.endpoint}; its credentials are not sent to ${endpoint}.`,
      ko: `인증 프로필 "${asked}"은(는) ${named.endpoint}의 것이므로 ${endpoint}(으)로 보내지 않습니다.`,
    },
    {
      en: `Sign in there under another name: maru login --endpoint ${endpoint} --auth-profile NAME`,
      ko: `다른 이름으로 로그인하세요: maru login --endpoint ${endpoint} --auth-profile 이름`,
    },
  );
}

/** The address of a deployment without a trailing slash. Plain HTTP is for this machine only, unless MARU_ALLOW_HTTP=true. */
export function readEndpoint(text: string, env: Environment): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw usageError(
      `"${text}" is not an http or https address.`,
      `"${text}"은(는) http(s) 주소가 아닙니다.`,
    );
  }
  const url = new URL(text);
  const isLocal = /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol === "http:" && !isLocal && env.MARU_ALLOW_HTTP !== "true") {
    throw new CliError(
      exitCodes.usage,
      {
        en: `${url.origin} is plain HTTP; credentials would be readable on the way.`,
        ko: `${url.origin}은(는) 암호화되지 않은 HTTP라서 자격 증명이 노출될 수 있습니다.`,
      },
      {
        en: "Use https, or set MARU_ALLOW_HTTP=true.",
        ko: "https를 쓰거나 MARU_ALLOW_HTTP=true를 설정하세요.",
      },
    );
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}
