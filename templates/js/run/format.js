// What a run leaves behind: the record of the work, the draft of a lesson, a timeline, a message for whoever takes over. All Markdown that
// passes `opsbook check` as it is, whatever people typed into it.
import { leaves, lengths, progress, stepState } from "./model.js";
import { clean } from "./mask.js";
import { clock, day, iso, minutes, stamp, zoneName } from "./time.js";

/** Text in Markdown that means nothing to it. */
export function md(value) {
  return clean(String(value ?? "")).replace(/\s*\n\s*/g, " ").replace(/[\\`*_[\]<>{}|~^$#&!]/g, "\\$&").replace(/^(\s*)([-+]|\d+[.)])(?=\s|$)/, "$1\\$2")
    .replace(/\b(https?|ftp|mailto|www)(:|\.)/gi, "$1\\$2").replace(/@(?=\w)/g, "\\@").trim();
}

/** Text as a YAML string. */
const quoted = (value) => JSON.stringify(clean(String(value ?? "")).replace(/\s+/g, " ").trim());

/** A block of code that its content cannot end. */
function fence(value) {
  const text = clean(value).replace(/\p{Cf}/gu, "\uFFFD").trimEnd();
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((m) => m[0].length));
  const mark = "`".repeat(longest + 1);
  return mark + "text\n" + text + "\n" + mark;
}

/** Who somebody of a run is to the directory: an id, if the page knows it. */
export function partyID(people, name) {
  const n = name.trim().toLowerCase();
  return n ? people.find((p) => p.id.toLowerCase() === n || p.name.toLowerCase() === n)?.id : undefined;
}

const put = (lines, key, value) => value && lines.push(`${key}: ${value}`);

const slug = (title) => title.normalize("NFC").replace(/[^\p{L}\p{N}_]+/gu, "-").replace(/^-|-$/g, "").slice(0, 40);

/** A decision in words. To turn back has words of its own: "go" alone would say the opposite. */
export const verdictOf = (words, what, verdict) => words[(what === words["run.turn"] ? "run.turn." : "run.verdict.") + verdict];

/** Everything that happened, a line each. */
export function happenings(s, words, zone) {
  const title = (sid) => {
    const step = s.sheet.find((x) => x.sid === sid);
    return step ? step.number + " " + step.text : "";
  };
  const say = {
    start: (e) => words[e.drill ? "run.log.drill" : "run.log.start"] + (e.preset ? " (" + e.preset + ")" : ""),
    page: () => words["run.log.page"],
    check: (e) => words["run.log.check"] + ": " + title(e.sid),
    uncheck: (e) => words["run.log.undo"] + ": " + title(e.sid),
    confirm: (e) => words["run.log.confirm"] + ": " + title(e.sid),
    skip: (e) => words["run.log.skip"] + ": " + title(e.sid) + " (" + e.reason + ")",
    note: (e) => words["run.log.note"] + (e.sid ? " (" + title(e.sid) + ")" : "") + ": " + e.text.split("\n")[0].slice(0, 120),
    decide: (e) => words["run.log.decide"] + ": " + e.what + " → " + verdictOf(words, e.what, e.verdict),
    ack: (e) => words["run.log.ack"] + ": " + e.to,
    unack: () => words["run.log.unack"],
    told: (e) => words["run.log.told"] + ": " + e.who,
    since: (e) => words["run.log.since"] + ": " + stamp(e.since, zone),
    values: (e) => words["run.log.values"] + (e.preset ? " (" + e.preset + ")" : ""),
    hand: (e) => words["run.log.hand"] + " → " + e.to,
    finish: (e) => words["run.log.finish"] + ": " + e.result,
    reopen: () => words["run.log.reopen"],
  };
  let operator = s.log[0]?.operator ?? "";
  return s.log.filter((e) => say[e.kind]).map((e) => {
    const by = e.by ?? (e.kind === "confirm" ? s.confirmer : operator);
    if (e.kind === "hand") operator = e.to;
    return { at: e.at, what: say[e.kind](e), by };
  });
}

function table(head, rows) {
  return ["| " + head.join(" | ") + " |", "|" + "---|".repeat(head.length), ...rows.map((r) => "| " + r.map((c) => c || " ").join(" | ") + " |")].join("\n");
}

function stepRows(s, words, zone) {
  const took = lengths(s);
  return s.sheet.filter((step) => !step.gone || s.steps[step.sid]).map((step) => {
    const is = stepState(s, step.sid);
    const done = is.state === "done" ? clock(is.at, zone) : is.state === "skipped" ? words["run.skipped"] : words["run.todo"];
    const row = [
      step.number, md(step.text), step.minutes ? words["run.min"].replace("%s", () => step.minutes) : "",
      took[step.sid] === undefined || is.state !== "done" ? "" : words["run.min"].replace("%s", () => minutes(took[step.sid])), done,
    ];
    if (s.two) row.push(is.confirmed ? clock(is.confirmed === true ? is.at : is.confirmed, zone) : "");
    const marks = [is.reason && md(is.reason), step.was !== undefined && words["run.step.changed"], step.gone && words["run.step.gone"], step.added && words["run.step.added"]];
    return [...row, marks.filter(Boolean).join(" · ")];
  });
}

function notes(s, words, zone) {
  const all = [...s.notes.map((n) => ({ ...n, step: "" }))];
  for (const step of s.sheet) for (const n of s.steps[step.sid]?.notes ?? []) all.push({ ...n, step: step.number + " " + step.text });
  return all.sort((a, b) => a.at - b.at).map((n) => `**${clock(n.at, zone)}** ${[md(n.step), md(n.by)].filter(Boolean).join(" · ")}\n\n${fence(n.text)}\n`).join("\n");
}

const timeRows = (s, words, zone) => happenings(s, words, zone).map((h) => [stamp(h.at, zone), stamp(h.at, "UTC"), md(h.what), md(h.by)]);

const timeTable = (s, words, zone) => table([zoneName(s.started, zone), "UTC", words["run.md.what"], words["run.md.who"]], timeRows(s, words, zone));

function facts(s, sheet, words, zone) {
  const inputs = Object.entries(s.values).map(([k, v]) => `${md(k)} = ${md(v)}`).join(", ");
  const rows = [
    [words["run.operator"], md(s.operator)], [words["run.confirmer"], md(s.confirmer)], [words["run.ticket"], md(s.ticket)],
    [words["run.preset"], md(s.preset)], [words["run.md.inputs"], inputs],
    [words["run.md.planned"], progress(s).planned || sheet.minutes ? words["run.min"].replace("%s", () => progress(s).planned || sheet.minutes) : ""],
    [words["run.md.actual"], s.finished ? words["run.min"].replace("%s", () => minutes(s.finished - s.started)) : ""],
  ].filter((r) => r[1]);
  for (const [what, d] of Object.entries(s.decisions)) rows.push([words["run.md.decision"], `${md(what)}: ${verdictOf(words, what, d.verdict)} (${md(d.by)}, ${clock(d.at, zone)})`]);
  if (s.ack) rows.push([words["run.ack.done"], `${md(s.ack.by)} (${clock(s.ack.at, zone)})`]);
  return table([words["run.md.fact"], words["run.md.value"]], rows.length ? rows : [[" ", " "]]);
}

/** The record of a run (作業記録). */
export function record(s, sheet, words, zone) {
  const title = words[s.drill ? "run.md.drill" : "run.md.record"].replace("%s", () => s.title).replace("%d", () => day(s.started, zone));
  const front = [];
  put(front, "title", quoted(title));
  put(front, "type", "record");
  put(front, "of", quoted(sheet.of));
  put(front, "revision", quoted(s.revision));
  put(front, "kind", s.drill ? "drill" : "live");
  put(front, "started", iso(s.started, zone));
  put(front, "finished", s.finished ? iso(s.finished, zone) : "");
  for (const [key, name] of [["operator", s.operator], ["confirmer", s.two ? s.confirmer : ""]]) {
    put(front, key, name && quoted(partyID(sheet.people ?? [], name) ?? name));
  }
  put(front, "result", quoted(s.result ?? words["run.md.unfinished"]));
  put(front, "ticket", s.ticket && quoted(s.ticket));
  put(front, "owner", sheet.owner && quoted(sheet.owner));
  put(front, "lang", sheet.lang);
  const head = ["No", words["run.md.step"], words["run.md.planned"], words["run.md.actual"], words["run.md.done"]];
  if (s.two) head.push(words["run.md.confirmed"]);
  const body = [
    "# " + md(title), facts(s, sheet, words, zone), "## " + words["run.md.result"], md(s.result ?? words["run.md.unfinished"]) + (s.impact ? "\n\n" + md(s.impact) : ""),
    "## " + words["run.md.steps"], table([...head, words["run.md.remark"]], stepRows(s, words, zone)),
    "## " + words["run.md.log"], timeTable(s, words, zone),
  ];
  const written = notes(s, words, zone);
  if (written) body.push("## " + words["run.md.notes"], written.trimEnd());
  return { name: `records/${day(s.started, zone)}-${slug(s.title)}-${clock(s.started, zone).replace(":", "")}.md`, text: `---\n${front.join("\n")}\n---\n\n${body.join("\n\n")}\n` };
}

/** The draft of a lesson. It is a draft: what people must still write says so. */
export function lesson(s, sheet, words, zone) {
  const title = words["run.md.lesson"].replace("%s", () => s.title).replace("%d", () => day(s.since, zone));
  const front = [];
  put(front, "title", quoted(title));
  put(front, "type", "lesson");
  put(front, "status", "draft");
  put(front, "owner", sheet.owner && quoted(sheet.owner));
  put(front, "lang", sheet.lang);
  front.push("incident:", `  started: ${iso(s.since, zone)}`);
  if (s.started > s.since) front.push(`  detected: ${iso(s.started, zone)}`);
  if (s.finished) front.push(`  resolved: ${iso(Math.max(s.finished, s.started), zone)}`);
  if (sheet.severity) front.push(`  severity: ${quoted(sheet.severity)}`);
  if (sheet.services?.length) front.push(`  services: [${sheet.services.map(quoted).join(", ")}]`);
  if (s.impact) front.push(`  impact: ${quoted(s.impact)}`);
  const link = sheet.path ? `[${md(s.title)}](</${sheet.path.replaceAll("<", "").replaceAll(">", "")}>)` : md(s.title);
  const body = [
    "# " + md(title), "## " + words["run.md.summary"], words["run.md.summary.text"].replace("%s", () => link) + (s.result ? " " + md(s.result) : ""),
    "## " + words["run.md.impact"], s.impact ? md(s.impact) : words["run.md.write"],
    "## " + words["run.md.timeline"], timeTable(s, words, zone),
    "## " + words["run.md.learned"], words["run.md.write"],
  ];
  return { name: `lessons/${day(s.since, zone)}-${slug(s.title)}.md`, text: `---\n${front.join("\n")}\n---\n\n${body.join("\n\n")}\n` };
}

/** The timeline alone, for a chat or a ticket. */
export function timeline(s, words, zone) {
  return { name: `${day(s.started, zone)}-timeline.md`, text: `# ${md(s.title)}\n\n${timeTable(s, words, zone)}\n` };
}

/** The message for whoever takes over: what, how bad, for whom, since when, what was done, what is asked. */
export function handover(s, sheet, asked, words, zone) {
  const p = progress(s);
  const done = leaves(s.sheet).filter((step) => s.steps[step.sid]?.state === "done").map((step) => `  ✓ ${step.number} ${step.text} (${clock(s.steps[step.sid].at, zone)})`);
  const lines = [
    [words["run.hand.what"], s.title + (s.drill ? ` [${words["run.drill"]}]` : "")],
    [words["run.hand.impact"], asked.impact], [words["run.hand.affected"], (sheet.affected ?? []).join(", ")], [words["run.hand.tier"], sheet.tier],
    [words["run.hand.urgency"], sheet.severity], [words["run.hand.since"], stamp(s.since, zone) + " " + zoneName(s.since, zone)],
    [words["run.hand.env"], s.preset], [words["run.hand.progress"], `${p.done}/${p.total}`],
  ].filter((l) => l[1]).map((l) => l.join(": "));
  if (p.current) lines.push(`${words["run.hand.next"]}: ${p.current.number} ${p.current.text}`);
  if (asked.ask) lines.push(`${words["run.hand.ask"]}: ${asked.ask}`);
  if (done.length) lines.push(words["run.hand.done"] + ":", ...done);
  if (asked.link) lines.push(asked.link);
  return lines.join("\n");
}
