/** A term of the trade and the ways it is written; Korean is sought without white space, English at word boundaries. */
export interface DomainTerm {
  readonly term: string;
  readonly variants: readonly string[];
}

function terms(lines: readonly string[]): DomainTerm[] {
  return lines.map((line) => {
    const [term = "", ...variants] = line.split("|");
    return { term, variants: [term, ...variants] };
  });
}

/** Twenty terms of Korean insurance contracts with their usual variants in Korean and English. */
export const insuranceTerms: readonly DomainTerm[] = terms([
  "보험금|보험급부|지급보험금|insurance benefit|insurance proceeds|claim payment|benefit amount",
  "보험료|납입보험료|월납보험료|insurance premium|premium|premiums",
  "피보험자|피보험인|보험대상자|insured person|the insured|life assured",
  "보험계약자|계약자|policyholder|policy holder|policy owner",
  "보험수익자|수익자|beneficiary|beneficiaries",
  "면책기간|대기기간|보장개시전기간|waiting period|elimination period",
  "면책사항|면책사유|보상하지 않는 손해|보장제외|exclusion|exclusions|excluded risk",
  "보장내용|담보내용|보상내용|coverage|cover provided",
  "보장한도|보상한도|지급한도|limit of liability|coverage limit|benefit limit",
  "자기부담금|본인부담금|공제금액|deductible|co-payment|copayment|copay",
  "해지환급금|해약환급금|중도해지금|surrender value|cash value",
  "만기환급금|만기보험금|maturity benefit|maturity value",
  "보험가입금액|가입금액|sum insured|sum assured|insured amount",
  "특약|특별약관|rider|riders|endorsement",
  "주계약|주보험|기본계약|base policy|main policy|basic policy",
  "갱신|갱신계약|자동갱신|renewal|renewable",
  "고지의무|계약전알릴의무|알릴의무|duty of disclosure|duty to disclose",
  "진단비|진단급여금|진단보험금|diagnosis benefit|critical illness benefit",
  "청약철회|청약 철회|cooling-off period|cooling off|free look period",
  "실손의료보험|실손보험|실비보험|indemnity health insurance|medical expense insurance",
]);

/** Conditions a summary must not lose, each with its ways of being written. */
export const conditionKeywords: readonly DomainTerm[] = terms([
  "면책|보상하지 않|exclusion|exclusions|excluded|not covered",
  "예외|제외|except|exception|exceptions",
  "조건|단서|condition|conditions|provided that|subject to",
  "자기부담|본인부담|공제금|deductible|copay|co-pay|copayment|coinsurance|co-insurance",
  "한도|상한|limit|limits|cap|maximum",
  "감액|삭감|reduced benefit|reduction",
  "대기기간|면책기간|waiting period",
]);

/** What a summary of an insurance clause may have to warn of. */
export const riskTags: Readonly<Record<string, readonly string[]>> = {
  exclusion: [
    "면책",
    "보장 제외",
    "보상하지 않",
    "보장되지 않",
    "지급하지 않",
    "지급되지 않",
    "지급 불가",
    "exclusion",
    "exclusions",
    "excluded",
    "not covered",
  ],
  deductible: [
    "자기부담",
    "본인부담",
    "공제금액",
    "deductible",
    "copay",
    "co-pay",
    "copayment",
    "co-payment",
  ],
  limit: ["한도", "상한", "최대", "이내", "limit", "limits", "cap", "up to", "maximum", "at most"],
  waiting_period: ["면책기간", "대기기간", "보장개시일", "waiting period", "elimination period"],
  condition: [
    "조건",
    "단서",
    "다만",
    "경우에 한",
    "에 한하여",
    "condition",
    "conditions",
    "provided that",
    "only if",
    "subject to",
  ],
  documents_required: [
    "서류",
    "진단서",
    "영수증",
    "증명서",
    "청구서",
    "documents",
    "document",
    "certificate",
    "receipt",
  ],
  needs_followup: [
    "확인 필요",
    "확인이 필요",
    "추가 확인",
    "담당자 확인",
    "재문의",
    "문의",
    "follow up",
    "follow-up",
  ],
};

/** Words that promise more certainty than a clause can bear. */
export const definitivePhrases: readonly string[] = [
  "무조건",
  "반드시",
  "절대",
  "절대로",
  "항상",
  "확실히",
  "분명히",
  "틀림없이",
  "예외 없이",
  "전액 지급",
  "전액 보장",
  "always",
  "guaranteed",
  "guarantees",
  "definitely",
  "certainly",
  "absolutely",
  "without exception",
  "in all cases",
  "no matter what",
];

/** Ways to say that somebody has to look again. */
export const followUpPhrases: readonly string[] = [
  "확인 필요",
  "확인이 필요",
  "추가 확인",
  "담당자 확인",
  "담당자에게 확인",
  "재확인",
  "재문의",
  "추가 문의",
  "문의가 필요",
  "문의하시기",
  "문의해",
  "서류 확인",
  "추가 서류",
  "follow up",
  "follow-up",
  "followup",
  "please confirm",
  "needs confirmation",
  "further review",
  "contact your",
];
