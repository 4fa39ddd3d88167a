import { Config } from "../src/platform/config.ts";

/** What a local deployment makes for itself; the environment does not override it. */
const own: readonly string[] = [
  "MARU_KEK",
  "MARU_SIGNING_KEYS",
  "MARU_BOOTSTRAP_TOKEN",
  "MARU_METRICS_TOKEN",
  "MARU_ORIGIN",
];

/** The settings of the Worker that the environment of this process sets, such as `MARU_EGRESS_HTTP_HOSTS`. */
export function localVars(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const names = Object.keys(Config.shape).filter((name) => !own.includes(name));
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
