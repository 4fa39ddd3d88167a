import { stateTemplate } from "./state-template.ts";

export const volumeDegraded = stateTemplate({
  id: "volume-degraded",
  title: { en: "Volume degraded", ko: "볼륨 성능 저하" },
  description: {
    en: "A replicated volume has lost copies and has not rebuilt them for some minutes. Reads `volume.state` with `volume` and `robustness`.",
    ko: "복제 볼륨의 사본이 부족한 상태로 몇 분째 복구되지 않았습니다. `volume`과 `robustness`가 있는 `volume.state` 이벤트를 읽습니다.",
  },
  severity: "warning",
  type: "volume.state",
  thing: "volume",
  state: "robustness",
  bad: ["degraded", "faulted"],
  good: ["healthy", "removed"],
  forMinutes: 10,
  summary: "{{ key[0] }} is degraded",
  tests: [
    {
      name: "gives a rebuild ten minutes",
      events: [
        {
          at: "0",
          type: "volume.state",
          every: "5m",
          times: 4,
          data: { volume: "v1", robustness: "degraded" },
        },
        {
          at: "0",
          type: "volume.state",
          every: "5m",
          data: { volume: "v2" },
          each: ["degraded", "healthy"].map((robustness) => ({ robustness })),
        },
      ],
      expect: [
        { at: "6m", alerts: [{ labels: { volume: "v1", severity: "warning" }, status: "pending" }] },
        { at: "10m", alerts: [{ labels: { volume: "v1", severity: "warning" } }] },
      ],
    },
  ],
});
