/** A model provider with a limit of its own, which may be tighter than what the tenant believes. */
export class SimProvider {
  private readonly calls: number[] = [];
  private readonly perMinute: number;
  /** Until when it answers nothing but errors. */
  downUntil = 0;
  accepted = 0;

  constructor(perMinute: number) {
    this.perMinute = perMinute;
  }

  call(
    now: number,
  ):
    | { readonly status: 200 }
    | { readonly status: 429; readonly retryAfterMs: number }
    | { readonly status: 503 } {
    if (now < this.downUntil) return { status: 503 };
    while (this.calls[0] !== undefined && this.calls[0] <= now - 60_000) this.calls.shift();
    const oldest = this.calls[0];
    if (oldest !== undefined && this.calls.length >= this.perMinute) {
      return { status: 429, retryAfterMs: Math.max(1, oldest + 60_000 - now) };
    }
    this.calls.push(now);
    this.accepted += 1;
    return { status: 200 };
  }
}
