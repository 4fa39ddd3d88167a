import type { ProblemKind } from "../../kernel/problem.ts";

/** What each kind of problem means to the caller and what to do about it, in the languages of the page. */
export const problemWords: Readonly<Record<ProblemKind, { readonly en: string; readonly ko: string }>> = {
  malformed_request: {
    en: "The body, the query or a header could not be parsed. Correct the request before sending it again.",
    ko: "본문, 쿼리 또는 헤더를 해석할 수 없습니다. 요청을 고쳐 다시 보내세요.",
  },
  unauthenticated: {
    en: "The credential is missing, unknown, expired or revoked. Send a valid one.",
    ko: "인증 정보가 없거나, 알 수 없거나, 만료 또는 폐기되었습니다. 유효한 인증 정보를 보내세요.",
  },
  limit_reached: {
    en: "A budget or a limit of the usage policy is used up. Wait for the next period or ask for a higher limit.",
    ko: "사용 정책의 예산이나 한도를 모두 썼습니다. 다음 기간을 기다리거나 한도 상향을 요청하세요.",
  },
  forbidden: {
    en: "The credential is valid but lacks the scope that the operation needs.",
    ko: "인증 정보는 유효하지만 이 작업에 필요한 권한이 없습니다.",
  },
  not_found: {
    en: "Nothing with this id is visible to the caller. What belongs to another tenant is answered the same way.",
    ko: "호출자가 볼 수 있는 해당 ID의 리소스가 없습니다. 다른 테넌트의 리소스도 같은 응답을 받습니다.",
  },
  method_not_allowed: {
    en: "The address exists, but not with this method. The header Allow lists the ones it has.",
    ko: "주소는 있지만 이 메서드는 지원하지 않습니다. Allow 헤더에 지원하는 메서드가 있습니다.",
  },
  conflict: {
    en: "The resource is in a state that refuses the change, or somebody else was first. Read it again.",
    ko: "리소스의 현재 상태에서는 변경할 수 없거나 다른 변경이 먼저 일어났습니다. 다시 읽어 보세요.",
  },
  gone: {
    en: "The resource existed and was removed for good.",
    ko: "리소스가 있었으나 완전히 삭제되었습니다.",
  },
  precondition_failed: {
    en: "The resource has another version than the one named in If-Match. Read it again and repeat the edit.",
    ko: "리소스의 버전이 If-Match와 다릅니다. 다시 읽은 뒤 수정하세요.",
  },
  too_large: {
    en: "The body is larger than the operation accepts. The detail names the limit.",
    ko: "본문이 허용된 크기를 넘었습니다. detail에 한도가 적혀 있습니다.",
  },
  unsupported_media: {
    en: "The operation does not read this Content-Type.",
    ko: "이 작업이 읽을 수 없는 Content-Type입니다.",
  },
  invalid_input: {
    en: "Some fields are wrong. Each is listed in errors with a JSON pointer.",
    ko: "잘못된 필드가 있습니다. errors에 JSON 포인터와 함께 나열됩니다.",
  },
  rate_limited: {
    en: "Too many requests in the window. Wait for Retry-After, then repeat.",
    ko: "정해진 시간 안에 요청이 너무 많습니다. Retry-After만큼 기다린 뒤 다시 보내세요.",
  },
  internal: {
    en: "Something unexpected failed. It was recorded under the request id; repeating may help.",
    ko: "예상하지 못한 오류입니다. 요청 ID로 기록되었으며, 다시 시도하면 성공할 수 있습니다.",
  },
  upstream_failed: {
    en: "A model provider or another service that was needed failed. Repeat later.",
    ko: "필요한 모델 제공자나 외부 서비스가 실패했습니다. 나중에 다시 시도하세요.",
  },
  unavailable: {
    en: "A part of the platform does not answer now. Wait for Retry-After, then repeat.",
    ko: "플랫폼의 일부가 지금 응답하지 않습니다. Retry-After만큼 기다린 뒤 다시 시도하세요.",
  },
  timeout: {
    en: "The work took longer than allowed. Repeat, or ask for less at once.",
    ko: "작업이 허용 시간을 넘었습니다. 다시 시도하거나 한 번에 요청하는 양을 줄이세요.",
  },
};
