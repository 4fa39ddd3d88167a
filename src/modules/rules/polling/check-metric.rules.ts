import type { MetricTarget } from "../../../../contracts/rule-metrics.ts";
import type { FieldProblem } from "../../../kernel/problem.ts";
import { isJsonPointer } from "./json-pointer.ts";
import { secretMark } from "./poll-request.rules.ts";
import { compilePath } from "./select-path.ts";

/** Headers that the platform writes itself. */
const ownHeaders = new Set(["host", "content-length", "connection", "transfer-encoding", "accept"]);
/** Headers that prove who asks: their values are read by everybody who may read the rule. */
const provingHeaders = new Set(["authorization", "proxy-authorization", "cookie", "x-api-key"]);

/** What is wrong with how a metric is polled, with pointers into it. */
export function metricProblems(metric: MetricTarget): FieldProblem[] {
  return [
    ...urlProblems(metric),
    ...timeProblems(metric),
    ...headerProblems(metric),
    ...(metric.format === "prometheus" ? prometheusProblems(metric) : jsonProblems(metric)),
  ];
}

const wrong = (pointer: string, code: string, message: string): FieldProblem => ({ pointer, code, message });

function urlProblems({ url: text }: MetricTarget): FieldProblem[] {
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:")
    return [wrong("/url", "scheme", "A metric is polled over https.")];
  if (url.username !== "" || url.password !== "")
    return [
      wrong("/url", "credentials", "The address holds credentials; put them into a secret and name it."),
    ];
  return [];
}

function timeProblems({ intervalMs, timeoutMs }: MetricTarget): FieldProblem[] {
  if (timeoutMs === undefined || intervalMs === undefined || timeoutMs * 2 <= intervalMs) return [];
  return [wrong("/timeoutMs", "too_big", `At most half the interval: ${Math.floor(intervalMs / 2)} ms.`)];
}

function headerProblems({ headers = {}, secretName }: MetricTarget): FieldProblem[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    const pointer = `/headers/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    const lower = name.toLowerCase();
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(lower) || /[^\t\x20-\x7e\x80-\uffff]/.test(value))
      return [wrong(pointer, "header", "This is not a header of HTTP.")];
    if (ownHeaders.has(lower)) return [wrong(pointer, "header", "This header is written by the platform.")];
    const holds = value.includes(secretMark);
    if (provingHeaders.has(lower) && !holds)
      return [wrong(pointer, "credentials", `Write ${secretMark} and name a secret with secretName.`)];
    if (holds && secretName === undefined)
      return [wrong(pointer, "secret_missing", `${secretMark} needs a secretName.`)];
    return [];
  });
}

function prometheusProblems(metric: MetricTarget): FieldProblem[] {
  const { query = "" } = metric;
  const missing =
    query.trim() === "" ? [wrong("/query", "required", "Write the query whose series are the samples.")] : [];
  const others = (["body", "select", "value", "labels", "timestamp"] as const).filter(
    (name) => metric[name] !== undefined,
  );
  return [
    ...missing,
    ...others.map((name) => wrong(`/${name}`, "not_allowed", "Only the json format has it.")),
  ];
}

function jsonProblems(metric: MetricTarget): FieldProblem[] {
  const { query, method, body, select = "", value = "", timestamp = "", labels = {} } = metric;
  const pointers = [
    ["/value", value],
    ["/timestamp", timestamp],
    ...Object.entries(labels).map(([name, text]) => [`/labels/${name}`, text]),
  ] as [string, string][];
  return [
    ...(query === undefined ? [] : [wrong("/query", "not_allowed", "Only the prometheus format has it.")]),
    ...(body !== undefined && method === "GET"
      ? [wrong("/body", "not_allowed", "A GET has no body; use POST.")]
      : []),
    ...selectProblems(select),
    ...pointers
      .filter(([, text]) => !isJsonPointer(text))
      .map(([pointer]) => wrong(pointer, "pointer", "Write a JSON pointer such as /value.")),
  ];
}

function selectProblems(select: string): FieldProblem[] {
  if (select.startsWith("$")) {
    const path = compilePath(select);
    return path.ok ? [] : [wrong("/select", "path", path.message)];
  }
  if (isJsonPointer(select)) return [];
  return [wrong("/select", "path", "Write a JSONPath such as $.items[*] or a JSON pointer such as /items.")];
}
