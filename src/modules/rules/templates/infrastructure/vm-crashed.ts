import { stateTemplate } from "./state-template.ts";

export const vmCrashed = stateTemplate({
  id: "vm-crashed",
  title: { en: "Virtual machine crashed", ko: "가상 머신 중단" },
  description: {
    en: "A virtual machine stopped by itself. Reads `vm.state` with `vm` and `state`; closes when it runs again, was stopped on purpose or removed.",
    ko: "가상 머신이 비정상 종료되었습니다. `vm`과 `state`가 있는 `vm.state` 이벤트를 읽으며, 다시 실행되거나 의도적으로 중지되거나 삭제되면 해소됩니다.",
  },
  severity: "critical",
  type: "vm.state",
  thing: "vm",
  state: "state",
  bad: ["crashed", "error"],
  good: ["running", "stopped", "removed"],
  forMinutes: 0,
  summary: "{{ key[0] }} has crashed",
  tests: [
    {
      name: "fires at once and ends when the machine runs again",
      events: [
        {
          at: "0",
          type: "vm.state",
          every: "1m",
          data: { vm: "vm-7" },
          each: ["running", "crashed", "starting", "running"].map((state) => ({ state })),
        },
      ],
      expect: [
        { at: "30s", alerts: [] },
        {
          at: "1m",
          alerts: [
            { labels: { vm: "vm-7", severity: "critical" }, annotations: { summary: "vm-7 has crashed" } },
          ],
        },
        { at: "2m", alerts: [{ labels: { vm: "vm-7", severity: "critical" } }] },
        { at: "3m", alerts: [] },
      ],
    },
  ],
});
