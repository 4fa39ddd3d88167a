import { readEndpoint } from "../auth/choose-endpoint.ts";
import { type AuthProfile, configPath, readConfig, saveProfile, withLock } from "../auth/config-file.ts";
import { fixed, storedSession, type TokenAnswer } from "../auth/credentials.ts";
import { optionOrAsk, secretInput } from "../auth/secret-input.ts";
import type { Cli } from "../cli.ts";
import { type Api, createApi } from "../client/api.ts";
import { type Command, defineCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { ApiError } from "../failure.ts";
import { record } from "../terminal/table.ts";

interface Me {
  readonly actor: { readonly kind: string; readonly id: string; readonly role: string | null };
  readonly tenant: { readonly id: string; readonly slug: string; readonly name: string };
  readonly grants: readonly string[];
  readonly projectIds: readonly string[] | null;
}

const login = defineCommand({
  path: "login",
  summary: {
    en: "Sign in with e-mail and password, or keep an API key with --key",
    ko: "이메일과 비밀번호로 로그인하거나 --key로 API 키 저장",
  },
  options: {
    tenant: { type: "string", value: "SLUG", summary: { en: "The tenant", ko: "테넌트" } },
    email: { type: "string", value: "ADDRESS", summary: { en: "Your e-mail", ko: "이메일" } },
    key: {
      type: "boolean",
      summary: {
        en: "Keep an API key instead (also MARU_API_KEY)",
        ko: "대신 API 키 저장 (MARU_API_KEY도 가능)",
      },
    },
    stdin: {
      type: "boolean",
      summary: {
        en: "Read password or key from standard input (also MARU_PASSWORD)",
        ko: "비밀번호나 키를 표준 입력에서 읽기 (MARU_PASSWORD도 가능)",
      },
    },
  },
  async run(cli, { options }) {
    const { machine, say } = cli;
    const file = configPath(machine.env);
    const config = readConfig(file);
    const profileName = cli.globals.authProfile ?? machine.env.MARU_AUTH_PROFILE ?? config.current;
    const known = config.profiles[profileName];
    const endpoint = readEndpoint(
      cli.globals.endpoint ??
        (machine.env.MARU_ENDPOINT || undefined) ??
        known?.endpoint ??
        "http://localhost:8787",
      machine.env,
    );
    const stdin = options.stdin === true;
    let profile: AuthProfile;
    if (options.key) {
      const apiKey = await secretInput(cli, { variable: "MARU_API_KEY", stdin, question: "API key: " });
      profile = { endpoint, apiKey };
    } else {
      const tenant = await optionOrAsk(cli, "tenant", options.tenant ?? known?.tenant, say.tenantSlug);
      const email = await optionOrAsk(cli, "email", options.email ?? known?.email, say.email);
      const password = await secretInput(cli, { variable: "MARU_PASSWORD", stdin, question: say.password });
      const tokens = await apiAt(cli, endpoint).call<TokenAnswer>("access.session.create", {
        tenant,
        email,
        password,
      });
      profile = { endpoint, tenant, email, session: storedSession(tokens, machine.transport.now()) };
    }
    const bearer = profile.apiKey ?? profile.session?.accessToken;
    const me = await apiAt(cli, endpoint, `Bearer ${bearer}`).call<Me>("access.me.get");
    await withLock(file, machine.transport.sleep, async () => {
      saveProfile(file, profileName, { ...profile, tenant: me.tenant.slug }, true);
    });
    cli.out.result({ authProfile: profileName, endpoint, ...me }, () =>
      say.signedIn(`${me.actor.kind}:${me.actor.id} (${me.tenant.slug})`, profileName, endpoint),
    );
    return exitCodes.ok;
  },
});

const logout = defineCommand({
  path: "logout",
  summary: { en: "End the session and forget its credentials", ko: "세션을 끝내고 자격 증명을 지움" },
  async run(cli) {
    const { machine } = cli;
    const file = configPath(machine.env);
    const config = readConfig(file);
    const profileName = cli.globals.authProfile ?? machine.env.MARU_AUTH_PROFILE ?? config.current;
    const known = config.profiles[profileName];
    if (known?.session) {
      const { refreshToken } = known.session;
      await apiAt(cli, known.endpoint)
        .call("access.session.revoke", { refreshToken })
        .catch((error: unknown) => {
          if (!(error instanceof ApiError) || error.problem.status !== 401) throw error;
        });
    }
    if (known) {
      const { session: _session, apiKey: _apiKey, ...rest } = known;
      await withLock(file, machine.transport.sleep, async () => saveProfile(file, profileName, rest));
    }
    cli.out.result({ authProfile: profileName }, () => cli.say.signedOut(profileName));
    return exitCodes.ok;
  },
});

const whoami = defineCommand({
  path: "whoami",
  summary: { en: "Who the API takes you for, and what you may do", ko: "API가 보는 나와 내 권한" },
  async run(cli) {
    const api = await cli.api();
    const me = await api.call<Me>("access.me.get");
    cli.out.result({ endpoint: api.endpoint, ...me }, () =>
      record([
        ["endpoint", api.endpoint],
        [
          cli.say.actor,
          `${me.actor.kind}:${me.actor.id}${me.actor.role === null ? "" : ` (${me.actor.role})`}`,
        ],
        ["tenant", `${me.tenant.slug} (${me.tenant.name})`],
        [cli.say.scope, me.grants.join(" ")],
        ["projects", me.projectIds?.join(" ") ?? "*"],
      ]),
    );
    return exitCodes.ok;
  },
});

function apiAt(cli: Cli, endpoint: string, header?: string): Api {
  return createApi({
    endpoint,
    transport: cli.machine.transport,
    credentials: fixed(header),
    language: cli.language,
  });
}

export const loginCommands: readonly Command[] = [login, logout, whoami];
