// Times as people say them, and what is due when. Everything takes the time it counts from: nothing here looks at the clock.

const MINUTE = 60000;

const formats = new Map();

function parts(at, zone) {
  let format = formats.get(zone);
  if (!format) {
    const options = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", weekday: "short", hourCycle: "h23" };
    try {
      format = new Intl.DateTimeFormat("en-US", { ...options, timeZone: zone });
    } catch {
      format = new Intl.DateTimeFormat("en-US", { ...options, timeZone: "UTC" });
    }
    formats.set(zone, format);
  }
  return Object.fromEntries(format.formatToParts(at).map((p) => [p.type, p.value]));
}

/** 2026-11-01 */
export function day(at, zone) {
  const p = parts(at, zone);
  return `${p.year}-${p.month}-${p.day}`;
}

/** 21:40 */
export function clock(at, zone) {
  const p = parts(at, zone);
  return `${p.hour}:${p.minute}`;
}

/** 2026-11-01 21:40:05 */
export function stamp(at, zone) {
  const p = parts(at, zone);
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}:${p.second}`;
}

/** 2026-11-01T21:40:05+09:00 */
export function iso(at, zone) {
  const p = parts(at, zone);
  const local = Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second);
  const off = Math.round((local - Math.floor(at / 1000) * 1000) / MINUTE);
  const two = (n) => String(n).padStart(2, "0");
  const sign = off < 0 ? "-" : "+";
  return `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}:${p.second}${sign}${two(Math.floor(Math.abs(off) / 60))}:${two(Math.abs(off) % 60)}`;
}

/** JST for the zone in which most of our readers are, else the zone's short name. */
export function zoneName(at, zone) {
  if (zone === "Asia/Tokyo") return "JST";
  try {
    const part = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "short" }).formatToParts(at).find((p) => p.type === "timeZoneName");
    return part?.value ?? zone;
  } catch {
    return "UTC";
  }
}

/** The next time after a moment at which a clock shows HH:MM. */
export function nextAt(from, time, zone) {
  const p = parts(from, zone);
  const [hour, minute] = time.split(":").map(Number);
  const ahead = hour * 60 + minute - (Number(p.hour) * 60 + Number(p.minute));
  return Math.floor(from / MINUTE) * MINUTE + (ahead < 0 ? ahead + 1440 : ahead) * MINUTE;
}

/**
 * Whether business goes on: on weekdays, in the hours that the party names in words, else from nine to six.
 * @param {number} at
 * @param {string} zone
 * @param {string} open such as "平日 09:30-18:30"
 * @param {string[]} holidays
 */
export function business(at, zone, open = "", holidays = []) {
  const p = parts(at, zone);
  if (p.weekday === "Sat" || p.weekday === "Sun" || holidays.includes(`${p.year}-${p.month}-${p.day}`)) return false;
  const m = /(\d{1,2}):(\d{2})\s*[-–—~〜～]\s*(\d{1,2}):(\d{2})/.exec(open.normalize("NFKC"));
  const [from, to] = m ? [m[1] * 60 + Number(m[2]), m[3] * 60 + Number(m[4])] : [540, 1080];
  const now = p.hour * 60 + Number(p.minute);
  return from <= now && now < to;
}

/**
 * The escalation path that applies at a moment.
 * @param {{hours?: string, open?: string, holidays?: string[]}[]} calls
 */
export function applying(calls, at, zone) {
  const office = calls.find((c) => c.hours === "business") ?? calls.find((c) => c.hours);
  if (!office) return calls;
  const now = business(at, zone, office.open, office.holidays) ? "business" : "off";
  return calls.filter((c) => !c.hours || c.hours === now);
}

/**
 * Whom to call: the step that is due now, and the next one.
 * @param {{after: number}[]} calls that apply
 * @param {number} since start of the incident
 * @param {number} now
 */
export function escalation(calls, since, now) {
  const passed = (now - since) / MINUTE;
  let due = -1;
  calls.forEach((c, i) => {
    if (c.after <= passed) due = i;
  });
  const next = due + 1 < calls.length ? due + 1 : -1;
  return { due, next, left: next < 0 ? undefined : since + calls[next].after * MINUTE - now };
}

/** When a line of the communication plan is due: so long after it was last sent, or after the start. */
export const updateDue = (update, since, last) => (last ?? since) + update.every * MINUTE;

/** Minutes and seconds of a countdown: 3:05, 1:02:09; a time that has passed counts up. */
export function countdown(ms) {
  const s = Math.floor(Math.abs(ms) / 1000);
  const two = (n) => String(n).padStart(2, "0");
  const h = Math.floor(s / 3600);
  return (h ? h + ":" + two(Math.floor(s / 60) % 60) : String(Math.floor(s / 60))) + ":" + two(s % 60);
}

/** Whole minutes, at least one when anything passed. */
export const minutes = (ms) => (ms <= 0 ? 0 : Math.max(1, Math.round(ms / MINUTE)));
