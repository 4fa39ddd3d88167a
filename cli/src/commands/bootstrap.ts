import { chooseAccess } from "../auth/choose-endpoint.ts";
import { configPath, readConfig, saveProfile, withLock } from "../auth/config-file.ts";
import { fixed } from "../auth/credentials.ts";
import { optionOrAsk, secretInput } from "../auth/secret-input.ts";
import { createApi } from "../client/api.ts";
import { defineCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { plain } from "../terminal/display-width.ts";
import { commaList } from "./common.ts";

interface Bootstrapped {
  readonly tenant: { readonly id: string; readonly slug: string };
  readonly admin: { readonly id: string; readonly email: string };
  readonly apiKey: { readonly id: string; readonly key: string } | null;
}

export const bootstrapCommand = defineCommand({
  path: "bootstrap",
  summary: {
    en: "Make a tenant with its first admin; needs the deployment's bootstrap token",
    ko: "테넌트와 첫 관리자 만들기; 배포의 부트스트랩 토큰이 필요",
  },
  options: {
    tenant: {
      type: "string",
      value: "SLUG",
      summary: { en: "Short name of the tenant", ko: "테넌트의 짧은 이름" },
    },
    "tenant-name": {
      type: "string",
      value: "NAME",
      summary: { en: "Full name (the short one)", ko: "전체 이름 (기본은 짧은 이름)" },
    },
    email: { type: "string", value: "ADDRESS", summary: { en: "The admin's e-mail", ko: "관리자 이메일" } },
    name: {
      type: "string",
      value: "NAME",
      summary: { en: "The admin's name (the e-mail)", ko: "관리자 이름 (기본은 이메일)" },
    },
    project: {
      type: "string",
      value: "NAME",
      summary: { en: "First project (Default)", ko: "첫 프로젝트 (Default)" },
    },
    stdin: {
      type: "boolean",
      summary: {
        en: "Read the password from standard input (also MARU_PASSWORD)",
        ko: "비밀번호를 표준 입력에서 읽기 (MARU_PASSWORD도 가능)",
      },
    },
    "api-key": {
      type: "string",
      value: "NAME",
      summary: { en: "Make an API key too", ko: "API 키도 만들기" },
    },
    scopes: {
      type: "string",
      value: "A,B",
      summary: { en: "Scopes of that key (*)", ko: "그 키의 권한 (*)" },
    },
    save: {
      type: "boolean",
      summary: { en: "Keep that key in the auth profile", ko: "그 키를 인증 프로필에 저장" },
    },
  },
  async run(cli, { options }) {
    const { machine, say, out } = cli;
    const file = configPath(machine.env);
    const access = chooseAccess(cli.globals, machine.env, { current: "", profiles: {} });
    const token = await secretInput(cli, {
      variable: "MARU_BOOTSTRAP_TOKEN",
      stdin: false,
      question: "MARU_BOOTSTRAP_TOKEN: ",
    });
    const slug = await optionOrAsk(cli, "tenant", options.tenant, say.tenantSlug);
    const email = await optionOrAsk(cli, "email", options.email, say.email);
    const password = await secretInput(cli, {
      variable: "MARU_PASSWORD",
      stdin: options.stdin === true,
      question: say.password,
      again: say.passwordAgain,
    });
    const keyName = options["api-key"] ?? (options.save ? "command line" : undefined);
    const api = createApi({ ...access, transport: machine.transport, credentials: fixed(`Bearer ${token}`) });
    const made = await api.call<Bootstrapped>("access.tenant.bootstrap", {
      tenant: { slug, name: options["tenant-name"] ?? slug },
      project: options.project === undefined ? undefined : { name: options.project },
      admin: { email, name: options.name ?? email, password },
      apiKey: keyName === undefined ? undefined : { name: keyName, scopes: commaList(options.scopes ?? "*") },
    });
    const key = made.apiKey?.key;
    if (options.save && key !== undefined) {
      const name = cli.globals.authProfile ?? readConfig(file).current;
      await withLock(file, machine.transport.sleep, async () => {
        saveProfile(file, name, { endpoint: access.endpoint, tenant: slug, apiKey: key }, true);
      });
    }
    const shown =
      options.save && made.apiKey ? { ...made, apiKey: { ...made.apiKey, key: undefined } } : made;
    out.result(shown, () =>
      [
        say.bootstrapped(plain(made.tenant.slug), plain(made.admin.email)),
        ...(key !== undefined && !options.save ? [say.keyOnce, key] : []),
        ...(options.save ? [] : [say.loginNext(plain(made.tenant.slug), plain(made.admin.email))]),
      ].join("\n"),
    );
    return exitCodes.ok;
  },
});
