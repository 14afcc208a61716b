// The bar of a run: how far it is, what is next, how much time is left. It stays in sight while the page is read.
import { el, icon, refill } from "./dom.js";
import { verdictOf } from "./format.js";
import { progress } from "./model.js";
import { clock, countdown, minutes, nextAt } from "./time.js";
import { turning } from "./verdicts.js";

/** When to turn back at the latest, if the page says so in a way that can be counted. */
export function turnAt(turn, s, zone) {
  if (!turn) return undefined;
  if (turn.within) return s.started + turn.within * 60000;
  return turn.at ? nextAt(s.started, turn.at, zone) : undefined;
}

/** @param {object} app */
export function bar(app) {
  const { words, zone } = app;
  const trouble = el("div.ob-trouble", { role: "alert" });
  const state = el("div.ob-state");
  const facts = el("ul.ob-facts");
  const acts = el("div.ob-acts");
  const meter = el("progress", { "aria-label": words["run.progress"] });
  const root = el("section.ob.ob-bar", { "aria-label": words["run.bar"] }, trouble, el("div.ob-inner", {}, state, facts, acts), meter);
  const status = el("p.vh", { role: "status" });
  root.append(status);
  const turn = turning(app.sheet, words);
  let shown = "";

  const act = (name, label, click, more = "") => el("button.ob-button" + more, { "data-key": name, click }, label);

  /** What a screen reader says when something was done, here or by somebody else. */
  const heard = (s, p) => [
    s.finished && words["run.finished"], `${p.done}/${p.total}`, s.two && p.unconfirmed > 0 && words["run.unconfirmed"].replace("%s", () => p.unconfirmed),
    !s.finished && p.current && `${words["run.next"]} ${p.current.number} ${p.current.text}`,
  ].filter(Boolean).join(words["run.stop"]);

  /** One fact of the bar; the one that asks for something is a button. */
  const fact = (item) => el("li", { "data-fact": item.name }, item.act ? el("button.ob-link", { "data-key": item.name, click: item.act }) : el("span"), el("b"));

  return {
    leave() {
      root.remove();
      shown = status.textContent = "";
      delete document.documentElement.dataset.running;
    },
    show(s, now, view) {
      if (!root.isConnected) document.querySelector(".top").after(root);
      document.documentElement.dataset.running = s.finished ? "finished" : s.drill ? "drill" : "live";
      const p = progress(s);
      const preset = app.inputs.environment();
      const key = JSON.stringify([p.done, p.total, p.current?.sid, s.finished, s.drill, preset?.name, s.operator, s.two, p.unconfirmed, Boolean(s.ack)]);
      if (key !== shown) {
        const first = shown === "";
        shown = key;
        meter.max = p.total;
        meter.value = p.done;
        refill(state,
          el("strong.ob-mode", {}, s.finished ? words["run.finished"] : words[s.drill ? "run.running.drill" : "run.running"]),
          preset && el("span.ob-env", { "data-production": Boolean(preset.production) }, preset.name),
          el("span.ob-of", {}, `${p.done}/${p.total}`),
          s.two && p.unconfirmed > 0 && el("span.ob-un", {}, words["run.unconfirmed"].replace("%s", () => p.unconfirmed)),
          !s.finished && p.current && el("a.ob-goto", { href: "#", "data-key": "goto", click: (e) => app.goto(e, p.current.sid) }, `${words["run.next"]} ${p.current.number} ${p.current.text}`));
        refill(acts, ...(s.finished
          ? [act("export", words["run.export"], app.export, ".ob-first"), act("reopen", words["run.reopen"], () => app.add({ kind: "reopen" })), act("close", words["run.close"], app.close)]
          : [act("note", words["run.note.run"], () => app.note()), act("hand", words["run.hand"], app.hand), act("export", words["run.export"], app.export),
            act("finish", words["run.finish"], app.finish, p.left ? "" : ".ob-first")]));
        if (!first) status.textContent = heard(s, p);
      }
      this.tick(s, now, p, view);
    },
    tick(s, now, p, view) {
      const items = [];
      const add = (name, label, text, late) => items.push({ name, label, text, late });
      const plan = p.planned || app.sheet.minutes || 0;
      if (s.finished) add("took", words["run.fact.took"], words["run.min"].replace("%s", () => minutes(s.finished - s.started)));
      else {
        add("elapsed", words["run.fact.elapsed"], countdown(now - s.started) + (plan ? " / " + words["run.min"].replace("%s", () => plan) : ""), plan && now - s.started > plan * 60000);
        const at = turnAt(app.sheet.turn, s, zone);
        const was = turn && s.decisions[turn.what];
        if (was) items.push({ name: "turned", label: words["run.turn"], text: `${verdictOf(words, turn.what, was.verdict)} ${clock(was.at, zone)}` });
        else if (turn) {
          const left = at === undefined ? (app.sheet.turn.text ?? "") : countdown(at - now);
          items.push({ name: "turn", label: words[at < now ? "run.fact.turn.late" : "run.fact.turn"], text: left, late: at < now, act: () => app.decide(turn) });
        }
        if (view && !s.ack) {
          if (view.due && view.due.after > 0) add("call", words["run.fact.call.now"], view.due.to, true);
          else if (view.next) add("call", words["run.fact.call"], `${view.next.to} ${countdown(view.left)}`, view.left < 60000);
        }
        const update = view?.updates.slice().sort((a, b) => a.due - b.due)[0];
        if (update) add("update", words[update.due <= now ? "run.fact.update.now" : "run.fact.update"], `${update.who} ${countdown(update.due - now)}`, update.due <= now);
      }
      while (facts.children.length > items.length) facts.lastChild.remove();
      items.forEach((item, i) => {
        let li = facts.children[i] ?? facts.appendChild(fact(item));
        if (li.dataset.fact !== item.name) li.replaceWith((li = fact(item)));
        li.toggleAttribute("data-late", Boolean(item.late));
        if (li.firstChild.textContent !== item.label) li.firstChild.textContent = item.label;
        if (li.lastChild.textContent !== item.text) li.lastChild.textContent = item.text;
      });
    },
    /** Says that the run is not being kept where it should be, and offers to save it. */
    trouble(error, aside) {
      const text = error && words[(error.name === "QuotaExceededError" ? "run.full" : "run.unkept") + (aside ? ".aside" : "")];
      if (trouble.dataset.says === text) return;
      if (!text) {
        delete trouble.dataset.says;
        trouble.replaceChildren();
        return;
      }
      trouble.dataset.says = text;
      trouble.replaceChildren(el("p", {}, icon("stale"), " " + text), el("button.ob-button", { click: app.saveFile }, words["run.save.file"]));
    },
  };
}
