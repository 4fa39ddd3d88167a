/** Which addresses outside the deployment a tenant may name. */
export interface EgressPort {
  /**
   * Refuses a base URL that must not be reached: not https, with credentials, a query or a fragment, an address literal,
   * or a name of a private network, unless the operator allows the host.
   * @throws invalid_input `llm.base_url_invalid`, forbidden `llm.host_refused`
   */
  mustReach(baseUrl: string): void;
}
