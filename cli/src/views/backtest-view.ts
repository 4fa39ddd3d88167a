import type { BacktestCause, BacktestMoment, BacktestReport, Firing } from "../../../contracts/backtest.ts";
import type { Cli } from "../cli.ts";
import { plain } from "../terminal/display-width.ts";
import { instant } from "../terminal/numbers.ts";

type View = Pick<Cli, "out" | "say">;

/** What a rule would have done: its timeline, who would have been told, and how the live version differs. */
export function backtestView({ out, say }: View, report: BacktestReport): string {
  const { counts, timeline, timelineOmitted, truncated, notifications, difference } = report;
  const { paint } = out;
  const channels = Object.entries(notifications.byChannel).map(([id, count]) => `${id}: ${count}`);
  const { fired, resolved, matches, late, duplicates } = counts;
  return [
    say.backtestSpan(instant(report.from), instant(report.to), counts.events),
    ...(truncated === null ? [] : [paint.yellow(say.backtestCut(truncated, instant(report.reachedAt)))]),
    "",
    ...(timeline.length === 0 ? [] : [timelineTable({ out, say }, timeline)]),
    ...(timelineOmitted > 0 ? [say.backtestMoments(timelineOmitted)] : []),
    ...report.problems.map(({ at, code, detail }) =>
      paint.yellow(`${instant(at)}  ${code}: ${plain(detail)}`),
    ),
    "",
    say.backtestCounts(fired, resolved, matches, late, duplicates),
    say.backtestNotifications(notifications.count, channels.join(", ")),
    ...(difference === null ? [say.backtestNoLive] : differenceLines({ out, say }, difference)),
    paint.dim(`sha256 ${report.hash}`),
  ].join("\n");
}

function timelineTable({ out, say }: View, timeline: readonly BacktestMoment[]): string {
  return out.table<BacktestMoment>(
    [
      { title: say.at, of: ({ at }) => instant(at) },
      { title: say.key, canShrink: true, of: ({ key, labels }) => nameOf(key, labels) },
      { title: say.status, of: ({ kind, from, to }) => (kind === "match" ? kind : `${from} → ${to}`) },
      {
        title: say.cause,
        canShrink: true,
        of: ({ cause, values }) => [causeText(cause), ...valueTexts(values)].join(" · "),
      },
    ],
    timeline,
  );
}

function differenceLines(
  { out, say }: View,
  { same, counts, fires, firesNoMore, moved }: NonNullable<BacktestReport["difference"]>,
): string[] {
  const { paint } = out;
  return [
    say.backtestDifference(same, counts.fires, counts.firesNoMore, counts.moved),
    ...fires.map((one) => paint.green(`  + ${firingText(one)}`)),
    ...firesNoMore.map((one) => paint.red(`  - ${firingText(one)}`)),
    ...moved.map(({ before, after }) => paint.yellow(`  ~ ${firingText(after)} (${instant(before.at)})`)),
  ];
}

const firingText = ({ key, labels, at }: Firing): string => `${instant(at)}  ${plain(nameOf(key, labels))}`;

function nameOf(key: readonly unknown[], labels: Readonly<Record<string, string>>): string {
  if (key.length > 0) return key.map(String).join(", ");
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

const valueTexts = (values: BacktestMoment["values"]): string[] =>
  Object.entries(values).map(
    ([name, value]) => `${name} ${typeof value === "number" ? round(value) : value}`,
  );

const round = (value: number): number => Math.round(value * 1_000) / 1_000;

function causeText(cause: BacktestCause): string {
  switch (cause.by) {
    case "events": {
      const ids = cause.events.map(({ id }) => id).join(", ");
      return cause.omitted > 0 ? `${ids}, +${cause.omitted}` : ids;
    }
    case "window":
      return `${instant(cause.start)} … ${instant(cause.end)}`;
    default:
      return cause.by;
  }
}
