// How an envelope reads as a sentence. Rendering only: every figure in it comes from the envelope.
const THIN = "\u202f";

export function grouped(number) {
  return String(number ?? "").replace(/\B(?=(\d{3})+(?!\d))/g, THIN);
}

function count(number, one, many = `${one}s`) {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

function flat(text) {
  return String(text).replace(/\s+/g, " ").trim();
}

export function payloadText(payload) {
  const value = payload?.payload ?? payload;
  if (value && typeof value === "object") {
    if (typeof value.text === "string") return flat(value.text);
    if (value.voter && value.decision) return `${value.voter} votes ${value.decision} on ${value.topic}${value.reason ? `: ${flat(value.reason)}` : ""}`;
    if (value.dissenter) return `${value.dissenter} dissents on ${value.topic}: ${flat(value.reason ?? "")}`;
    if ("yesVotes" in value) return `${value.topic} ${value.passes ? "passes" : "fails"}: ${value.yesVotes} yes, ${value.noVotes} no, ${value.abstainVotes} abstain of ${value.totalVoters}`;
    if (Array.isArray(value.entries)) return `${value.topic}: ${count(value.entries.length, "dissenter")}`;
    if (typeof value.message === "string") return flat(value.message);
  }
  return flat(JSON.stringify(value ?? null));
}

function effectTarget(envelope) {
  const [[kind, data]] = Object.entries(envelope.effect ?? { [envelope.kind]: {} });
  return data?.provider ?? data?.tool ?? data?.step_id ?? kind;
}

const PHASES = { requested: "asks", resolved: "got an answer from", denied: "was denied", in_doubt: "may or may not have reached" };

function question(value) {
  return flat(value?.question ?? (typeof value === "string" ? value : JSON.stringify(value ?? null)));
}

function asked(envelope) {
  const output = envelope.result?.output;
  if (envelope.phase === "requested") return `asks people: ${question(envelope.effect?.InterruptRaise?.value)}`;
  if (envelope.result?.error) return `got no answer: ${flat(envelope.result.error)}`;
  return `was answered by ${output?.by ?? "somebody"}: ${payloadText({ payload: typeof output?.answer === "string" ? { text: output.answer } : output?.answer })}`;
}

function decision(said) {
  const refused = said.verdict?.Reject;
  if (refused) return `${said.decided_by} rejects it: ${flat(refused.reason ?? "")}`;
  if (said.retry) return `${said.decided_by} has it done again`;
  if ("answer" in said) return `${said.decided_by} answers`;
  return `${said.decided_by} approves ${said.edit ? `what ${said.edited_by ?? said.decided_by} wrote` : "it"}${said.reason ? `: ${flat(said.reason)}` : ""}`;
}

function effect(envelope) {
  if (envelope.kind === "InterruptRaise") return asked(envelope);
  const time = envelope.latency_ms != null ? ` in ${grouped(envelope.latency_ms)} ms` : "";
  const error = envelope.result?.error ? `: ${flat(envelope.result.error)}` : "";
  return `${PHASES[envelope.phase] ?? envelope.phase} ${effectTarget(envelope)}${time}${error}`;
}

function reason(data) {
  return data.contract_results?.map((result) => result.failure_reason).find(Boolean) ?? data.reason ?? "";
}

function stopReason(value) {
  return value == null ? "" : typeof value === "string" ? value : Object.keys(value)[0];
}

const SAY = {
  RunStarted: (d) => `Run started with ${count(d.suggestors?.length ?? 0, "suggestor")} and ${count(d.seeds ?? 0, "seed")}`,
  CycleStarted: (d) => `Cycle begins, ${grouped(d.eligible ?? 0)} to be asked`,
  SuggestorFinished: (d) => d.error ? `Failed: ${flat(d.error)}` : d.proposals ? `Put forward ${count(d.proposals, "proposal")}` : "Had nothing to put forward",
  CycleParked: (d) => `Cycle waits for ${count(d.gates?.length ?? 0, "decision")}`,
  CycleEnded: (d) => `Cycle ended: ${count(d.facts_added ?? 0, "fact")} added${d.rejected ? `, ${grouped(d.rejected)} rejected` : ""}, ${grouped(d.facts ?? 0)} in all`,
  GateRequested: (d) => `${d.question ? "Asks people" : "Asks for a decision"}: ${flat(d.request?.summary ?? d.request?.proposal_id ?? "")}`,
  GateVoted: (d) => `${d.by} ${d.verdict === "edit" ? `edits it: ${payloadText(d.edit)}` : `says ${d.verdict}`}${d.reason ? ` (${flat(d.reason)})` : ""}`,
  GateExpired: (d) => `Nobody decided ${d.gate_id} in time: ${d.action === "escalate" ? "now the admins are asked" : d.action}`,
  GateDecisionRecorded: (d) => decision(d.decision ?? {}),
  RunResumed: () => "Run goes on",
  RunFinished: (d) => `Run ${d.status === "exhausted" ? "spent its budget" : d.status} after ${count(d.cycles ?? 0, "cycle")}${d.message && d.status !== "converged" ? `: ${flat(d.message)}` : ""}`,
  ProposalValidated: (d) => d.all_passed === false ? `Rejected ${d.proposal_id}: ${flat(reason(d))}` : `Accepted ${d.proposal_id}`,
  BudgetExceeded: (d) => `Budget spent: ${String(d.resource).toLowerCase()}, limit ${d.limit}`,
  OutcomeRecorded: (d) => `Outcome recorded: ${stopReason(d.stop_reason) || (d.passed ? "passed" : "not passed")}`,
};

export function sentence(envelope) {
  if (envelope.family === "effect") return effect(envelope);
  if (envelope.fact) return `${envelope.fact.key} · ${envelope.fact.id} · ${payloadText(envelope.fact.payload)}`;
  const data = envelope.event?.data ?? {};
  return SAY[envelope.kind]?.(data) ?? flat(JSON.stringify(data));
}

const ICONS = {
  FactPromoted: "check", ProposalValidated: "x", CycleStarted: "chevron-right", CycleEnded: "git-merge", SuggestorFinished: "message-square",
  CycleParked: "hand", GateRequested: "hand", GateVoted: "hand", GateExpired: "clock", GateDecisionRecorded: "scale", RunStarted: "circle-play",
  RunResumed: "rotate-cw", RunFinished: "flag", BudgetExceeded: "gauge", OutcomeRecorded: "flag",
};

export function icon(envelope) {
  return envelope.family === "effect" ? "zap" : ICONS[envelope.kind] ?? "info";
}

export function tone(envelope) {
  const data = envelope.event?.data ?? {};
  if (data.error || envelope.result?.error || data.all_passed === false || envelope.kind === "BudgetExceeded") return "bad";
  if (/^Gate|CycleParked/.test(envelope.kind)) return "warn";
  return /^(CycleStarted|SuggestorFinished)$/.test(envelope.kind) ? "dim" : "";
}

const LABELS = {
  FactPromoted: "fact", ProposalValidated: "rejected", CycleStarted: "cycle begins", CycleEnded: "cycle ends", SuggestorFinished: "answer",
  CycleParked: "cycle waits", GateRequested: "gate", GateVoted: "voice", GateExpired: "gate expired", GateDecisionRecorded: "decision",
  RunStarted: "run starts", RunResumed: "run resumes", RunFinished: "run ends", BudgetExceeded: "budget", OutcomeRecorded: "outcome",
  LLMCall: "model", ToolCall: "tool", StateWrite: "write", InterruptRaise: "question",
};

export function label(kind) {
  return LABELS[kind] ?? kind;
}
