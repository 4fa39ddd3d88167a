import type { JobProgress } from "../../../contracts/jobs.ts";
import { cut } from "./display-width.ts";

export interface ProgressBar {
  show(progress: JobProgress, note: string): void;
  /** Takes the bar away, so that something else can be printed. */
  clear(): void;
}

interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const cells = 30;

/** The bar of a progress, such as `███████░░░ 12/46 …`. */
export function progressLine({ total, done, failed, skipped }: JobProgress, note: string): string {
  const ended = done + failed + skipped;
  const filled = total === 0 ? 0 : Math.min(cells, Math.floor((ended / total) * cells));
  const bar = "█".repeat(filled) + "░".repeat(cells - filled);
  const failures = failed > 0 ? ` (${failed} ✗)` : "";
  return `${bar} ${ended}/${total}${failures} ${note}`.trimEnd();
}

/** A bar that repaints itself on a terminal; elsewhere a line for each tenth, so that a log shows it too. */
export function progressBar(screen: Screen, now: () => number): ProgressBar {
  let painted = "";
  let paintedAt = 0;
  let tenth = -1;
  let lastNote = "";
  const clear = () => {
    if (painted !== "") screen.write("\r\u001b[2K");
    painted = "";
  };
  return {
    clear,
    show(progress, note) {
      const line = progressLine(progress, note);
      const ended = progress.done + progress.failed + progress.skipped;
      if (screen.isTTY) {
        const full = ended === progress.total;
        if (line === painted || (!full && note === lastNote && now() - paintedAt < 80)) return;
        lastNote = note;
        paintedAt = now();
        screen.write(`\r\u001b[2K${cut(line, (screen.columns || 80) - 1)}`);
        painted = line;
        return;
      }
      const reached = progress.total === 0 ? 0 : Math.floor((ended / progress.total) * 10);
      if (reached === tenth && note === lastNote) return;
      tenth = reached;
      lastNote = note;
      screen.write(`${line}\n`);
    },
  };
}
