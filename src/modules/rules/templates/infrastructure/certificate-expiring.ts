import * as z from "zod";
import { amount, defineTemplate, shared } from "../define-template.ts";
import { polled, polling } from "./polled.ts";

export const certificateExpiring = defineTemplate({
  id: "certificate-expiring",
  category: "infrastructure",
  title: { en: "Certificate about to expire", ko: "인증서 만료 임박" },
  description: {
    en: "A certificate ends within some days. Polls Prometheus (the blackbox exporter) for the days that are left.",
    ko: "인증서가 곧 만료됩니다. Prometheus(blackbox exporter)에서 남은 일수를 조회합니다.",
  },
  parameters: z.strictObject({
    severity: shared("warning").severity,
    ...polled("(probe_ssl_earliest_cert_expiry - time()) / 86400"),
    days: amount(14, "So few days left."),
  }),
  build: ({ severity, days, ...target }) => ({
    trigger: polling(target),
    condition: { kind: "static", of: "value", open: { op: "<", value: days } },
    labels: { severity },
    annotations: { summary: "The certificate of {{ labels.instance }} ends in {{ value }} days" },
  }),
  tests: [
    {
      name: "fires in the last two weeks, until the certificate is renewed",
      samples: [{ every: "1d", series: [{ labels: { instance: "shop.example" }, values: "15-1x3 90" }] }],
      expect: [
        { at: "1d", alerts: [] },
        {
          at: "2d",
          alerts: [
            {
              labels: { instance: "shop.example", severity: "warning" },
              annotations: { summary: "The certificate of shop.example ends in 13 days" },
            },
          ],
        },
        { at: "4d", alerts: [] },
      ],
    },
  ],
});
