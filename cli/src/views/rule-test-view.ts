import type { RuleTestReport, RuleTestResult } from "../../../contracts/rule-tests.ts";
import type { Cli } from "../cli.ts";
import { plain } from "../terminal/display-width.ts";

type View = Pick<Cli, "out" | "say">;

/** Each test with what differs where it failed, then how many passed. */
export function ruleTestView({ out, say }: View, report: RuleTestReport): string {
  const { paint } = out;
  const lines = report.tests.flatMap((test) => testLines({ out, say }, test));
  const sum = say.ruleTests(report.passed, report.failed);
  return [
    ...lines,
    "",
    ...(report.ok ? [] : [paint.dim(say.ruleTestLegend)]),
    report.ok ? paint.green(sum) : paint.red(sum),
  ].join("\n");
}

function testLines({ out, say }: View, { name, rule, ok, failures, problems }: RuleTestResult): string[] {
  const { paint } = out;
  const verdict = ok ? paint.green(say.pass) : paint.red(say.fail);
  return [
    `${verdict}  ${plain(name)} (${plain(rule)})`,
    ...failures.flatMap(({ at, of, missing, unexpected }) => [
      `    ${at} ${of}`,
      ...missing.map((line) => paint.red(`      - ${plain(line)}`)),
      ...unexpected.map((line) => paint.green(`      + ${plain(line)}`)),
    ]),
    ...problems.map(({ at, code, detail }) => paint.yellow(`    ${at} ${code}: ${plain(detail)}`)),
  ];
}
