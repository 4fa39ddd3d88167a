import { stateTemplate } from "./state-template.ts";

export const hostNotReady = stateTemplate({
  id: "host-not-ready",
  title: { en: "Host not ready", ko: "호스트 준비 안 됨" },
  description: {
    en: "A host of a cluster is not ready for some minutes. Reads `host.state` with `host` and `state`.",
    ko: "클러스터 호스트가 몇 분 동안 준비되지 않은 상태입니다. `host`와 `state`가 있는 `host.state` 이벤트를 읽습니다.",
  },
  severity: "critical",
  type: "host.state",
  thing: "host",
  state: "state",
  bad: ["not_ready", "unknown"],
  good: ["ready", "maintenance", "removed"],
  forMinutes: 5,
  summary: "{{ key[0] }} is not ready",
  tests: [
    {
      name: "fires after five minutes by time alone",
      events: [
        { at: "0", type: "host.state", data: { host: "h1", state: "not_ready" } },
        { at: "0", type: "host.state", data: { host: "h2", state: "not_ready" } },
        { at: "3m", type: "host.state", data: { host: "h2", state: "ready" } },
        { at: "20m", type: "host.state", data: { host: "h1", state: "ready" } },
      ],
      expect: [
        {
          at: "2m",
          alerts: [
            { labels: { host: "h1", severity: "critical" }, status: "pending" },
            { labels: { host: "h2", severity: "critical" }, status: "pending" },
          ],
        },
        { at: "6m", alerts: [{ labels: { host: "h1", severity: "critical" } }] },
        { at: "20m", alerts: [] },
      ],
    },
  ],
});
