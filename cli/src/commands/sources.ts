import { sourceDeliveries, sourceKinds } from "../../../contracts/sources.ts";
import type { Command } from "../command.ts";
import { usageError } from "../failure.ts";
import { instant } from "../terminal/numbers.ts";
import { type Column, record } from "../terminal/table.ts";
import { callCommand } from "./call-command.ts";
import { argument, commaList, readJsonObject, wholeNumber } from "./common.ts";
import { listCommand } from "./list-command.ts";

interface Source {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly proof: string;
  readonly delivery: string;
  readonly status: string;
  readonly path: string;
  readonly secrets: readonly { readonly name: string; readonly until: string | null }[];
  readonly createdAt: string;
}

interface SetAside {
  readonly id: string;
  readonly reason: string;
  readonly at: string;
  readonly eventId: string | null;
  readonly detail: string;
  readonly replayable: boolean;
  readonly replayedAt: string | null;
}

interface Accepted {
  readonly accepted: number;
  readonly duplicate: number;
  readonly late: number;
  readonly rejected: number;
}

const source = argument("id", "The source", "소스 id");

/** Where a source's events are posted: with its token when it is new. */
const addressOf = ({ path, token }: Pick<Source, "path"> & { token: string | null }): string =>
  token === null ? path : `${path}/${token}`;

const onOff = (path: string, en: string, ko: string, action: "pause" | "resume"): Command =>
  callCommand({
    path,
    summary: { en, ko },
    action: `sources.source.${action}`,
    arguments: [source],
    show: ({ say }, { name, status }: Source) => say.done(`${name} ${status}`),
  });

/** The addresses that take events in, and what they did not take. */
export const sourceCommands: readonly Command[] = [
  listCommand({
    path: "sources list",
    summary: { en: "List the sources of events, newest first", ko: "이벤트 소스 목록, 최신순" },
    action: "sources.source.list",
    columns: ({ say }): readonly Column<Source>[] => [
      { title: say.id, of: ({ id }) => id },
      { title: say.name, canShrink: true, of: ({ name }) => name },
      { title: say.type, of: ({ kind }) => kind },
      { title: say.status, of: ({ status, delivery }) => `${status}, ${delivery}` },
      { title: say.created, of: ({ createdAt }) => instant(createdAt) },
    ],
  }),
  callCommand({
    path: "sources create",
    summary: {
      en: "Open an address that takes events in; its token is shown once",
      ko: "이벤트를 받는 주소 열기; 토큰은 한 번만 표시됨",
    },
    action: "sources.source.create",
    options: {
      name: { type: "string", value: "NAME", summary: { en: "What it is called", ko: "이름" } },
      kind: {
        type: "string",
        choices: sourceKinds,
        summary: { en: "What its senders speak (cloudevents)", ko: "보내는 쪽의 형식 (cloudevents)" },
      },
      secrets: {
        type: "string",
        value: "A,B",
        summary: {
          en: "Senders sign with one of these secrets, and need no token",
          ko: "보내는 쪽이 이 비밀값 중 하나로 서명; 토큰 불필요",
        },
      },
      delivery: {
        type: "string",
        choices: sourceDeliveries,
        summary: { en: "queued for many events (direct)", ko: "이벤트가 많으면 queued (direct)" },
      },
      types: {
        type: "string",
        value: "FILE",
        summary: {
          en: "JSON Schemas of the data by event type",
          ko: "이벤트 유형별 데이터의 JSON Schema 파일",
        },
      },
    },
    async fields({ options }, cli) {
      const { name, kind = "cloudevents", secrets, delivery, types } = options;
      if (name === undefined) throw usageError("--name is needed.", "--name이 필요합니다.");
      return {
        name,
        kind,
        delivery,
        ...(secrets === undefined ? {} : { proof: "signature", secretNames: commaList(secrets) }),
        ...(types === undefined ? {} : { types: await readJsonObject(cli, types) }),
      };
    },
    show: ({ say }, made: Source & { token: string | null }) =>
      record([
        [say.id, made.id],
        [say.name, made.name],
        ["POST", made.proof === "signature" ? made.path : addressOf(made)],
      ]),
  }),
  callCommand({
    path: "sources rotate",
    summary: {
      en: "Renew the token of a source, or give it another secret; the old one works for a while",
      ko: "소스의 토큰이나 비밀값 교체; 이전 값은 유예 기간 동안 유효",
    },
    action: "sources.source.rotateSecret",
    arguments: [source],
    options: {
      secret: { type: "string", value: "NAME", summary: { en: "The new secret", ko: "새 비밀값의 이름" } },
      overlap: {
        type: "string",
        value: "HOURS",
        summary: { en: "How long the old one works (24)", ko: "이전 값의 유예 시간 (24)" },
      },
    },
    fields: ({ argument: given, options }) => ({
      id: given("id"),
      secretName: options.secret,
      overlapHours: wholeNumber("overlap", options.overlap),
    }),
    show: ({ say }, made: Source & { token: string | null }) =>
      record([
        [say.id, made.id],
        made.token === null
          ? ["secrets", made.secrets.map(({ name, until }) => `${name} ${instant(until)}`.trim()).join(", ")]
          : ["POST", addressOf(made)],
      ]),
  }),
  onOff("sources pause", "Ask a source's senders to come back later", "소스 일시 정지", "pause"),
  onOff("sources resume", "Let a paused source take events again", "소스 재개", "resume"),
  listCommand({
    path: "sources set-aside",
    summary: {
      en: "List what a source refused, and what was late, repeated or undeliverable",
      ko: "소스가 거절했거나 늦거나 중복되거나 전달하지 못한 것의 목록",
    },
    action: "sources.set_aside.list",
    arguments: [source],
    options: {
      reason: { type: "string", value: "REASON", summary: { en: "Only for this reason", ko: "이 이유만" } },
    },
    fields: ({ argument: given, options }) => ({ id: given("id"), reason: options.reason }),
    columns: ({ say, out }): readonly Column<SetAside>[] => [
      {
        title: say.id,
        of: ({ id }) => id,
        paint: (text, { replayable, replayedAt }) =>
          replayable && replayedAt === null ? text : out.paint.dim(text),
      },
      { title: say.reason, of: ({ reason }) => reason },
      { title: say.at, of: ({ at }) => instant(at) },
      {
        title: say.message,
        canShrink: true,
        of: ({ eventId, detail }) => [eventId, detail].filter(Boolean).join(" · "),
      },
    ],
  }),
  callCommand({
    path: "sources replay",
    summary: {
      en: "Take what was set aside in again, as the source reads now; once",
      ko: "제쳐 둔 것을 지금 설정으로 다시 받기; 한 번만",
    },
    action: "sources.set_aside.replay",
    arguments: [source, argument("setAsideId", "What was set aside", "제쳐 둔 것의 id")],
    show: ({ say }, { accepted, duplicate, late, rejected }: Accepted) =>
      say.done(`accepted ${accepted}, duplicate ${duplicate}, late ${late}, rejected ${rejected}`),
  }),
];
