import type { BlobPort } from "./blob.ts";
import type { CipherPort } from "./cipher.ts";
import type { EgressPort } from "./egress.ts";
import type { HttpPort } from "./http.ts";
import type { LedgerPort } from "./ledger.ts";
import type { LlmsPort } from "./llm.ts";
import type { MeterPort } from "./meter.ts";
import type { PasswordPort } from "./passwords.ts";
import type { Settings } from "./settings.ts";
import type { TokenPort } from "./tokens.ts";

/** What operations reach beyond the database, each with a real adapter and a twin. Modules add theirs here. */
export interface Ports {
  readonly blobs: BlobPort;
  readonly cipher: CipherPort;
  readonly ledger: LedgerPort;
  readonly egress: EgressPort;
  readonly http: HttpPort;
  readonly llms: LlmsPort;
  readonly meter: MeterPort;
  readonly passwords: PasswordPort;
  readonly tokens: TokenPort;
  readonly settings: Settings;
}
